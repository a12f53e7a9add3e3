package config

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/viper"
)

// LoadOptions say where settings are looked for.
type LoadOptions struct {
	Dir   string            // working directory, "" for the process's; paths in variables and flags start there
	File  string            // --config; "" looks for feedwright.yaml, then config.yaml, in Dir
	Env   []string          // "NAME=value"; nil for the process's environment
	Flags map[string]string // dotted key → value, of the flags that were given
	// FlagNames are the flags as people type them, by dotted key, for messages:
	// "server.listen" → "--listen". A key that is not here is "--" and itself.
	FlagNames map[string]string
}

// Loaded is a Config that passed every check, and where it came from. It is
// never changed.
type Loaded struct {
	Config  Config
	File    string   // absolute path of the file that was read; "" if there was none
	Notices []string // sentences a person should see: a foreign config.yaml, an unknown variable

	opts   LoadOptions
	layers layers
	name   string // File as shown to people
	sum    [sha256.Size]byte
}

// layers are what set values, each above the one before.
type layers struct{ file, env, flags *layer }

func (l layers) topDown() []*layer { return []*layer{l.flags, l.env, l.file} }

// Load reads, lays over one another and checks all settings. Its error holds
// every problem at once, for Problems to take apart.
func Load(opts LoadOptions) (*Loaded, error) {
	if opts.Env == nil {
		opts.Env = os.Environ()
	}
	dir, err := filepath.Abs(opts.Dir)
	if err != nil {
		return nil, fmt.Errorf("find the working directory: %w", err)
	}
	opts.Dir = dir
	found, err := find(opts)
	if err != nil {
		return nil, err
	}
	return load(opts, found)
}

// load does the rest of Load for a file that was found.
func load(opts LoadOptions, found finding) (*Loaded, error) {
	l := &Loaded{File: found.path, Notices: found.notices, opts: opts, name: found.name, sum: sha256.Sum256(found.raw)}
	doc := readDocument(found.name, found.raw)
	l.layers.file = doc.read()
	env := readEnv(opts.Env)
	l.layers.env = env.layer
	l.Notices = append(l.Notices, env.notices...)
	flags := readFlags(opts.Flags, opts.FlagNames)
	l.layers.flags = flags.layer
	bad := slices.Concat(doc.bad, env.bad, flags.bad)

	config, err := overlay(l.layers)
	if err != nil {
		return nil, err
	}
	l.Config = config
	c := &checker{Config: &l.Config, layers: l.layers, doc: doc, dir: opts.Dir, base: l.base()}
	c.all()
	l.Notices = append(l.Notices, c.notices...)
	if bad = append(bad, c.bad...); len(bad) > 0 {
		slices.SortStableFunc(bad, func(a, b *Problem) int {
			if a.From != b.From { // the file first
				return strings.Compare(a.From, b.From)
			}
			return a.Line - b.Line
		})
		return nil, bad
	}
	return l, nil
}

// base is the directory that the file's relative paths start at.
func (l *Loaded) base() string {
	if l.File == "" {
		return l.opts.Dir
	}
	return filepath.Dir(l.File)
}

// delimiter keeps viper from splitting keys at dots of their own.
const delimiter = "::"

// overlay lays the layers over the defaults: file, then variables, then flags.
func overlay(l layers) (Config, error) {
	v := viper.NewWithOptions(viper.KeyDelimiter(delimiter))
	defaults := Default()
	for _, k := range keys() {
		v.SetDefault(viperKey(k.path), k.of(&defaults))
	}
	for _, layer := range []*layer{l.file, l.env} {
		if err := v.MergeConfigMap(nest(layer.values)); err != nil {
			return Config{}, fmt.Errorf("lay the settings over one another: %w", err)
		}
	}
	for path, value := range l.flags.values {
		v.Set(viperKey(path), value)
	}
	var c Config
	if err := v.Unmarshal(&c); err != nil {
		return Config{}, fmt.Errorf("lay the settings over one another: %w", err)
	}
	return c, nil
}

func viperKey(path string) string { return strings.ReplaceAll(path, ".", delimiter) }

// nest turns dotted keys into maps within maps.
func nest(values map[string]any) map[string]any {
	root := map[string]any{}
	for path, value := range values {
		m := root
		parts := strings.Split(path, ".")
		for _, p := range parts[:len(parts)-1] {
			next, ok := m[p].(map[string]any)
			if !ok {
				next = map[string]any{}
				m[p] = next
			}
			m = next
		}
		m[parts[len(parts)-1]] = value
	}
	return root
}

// finding is the file that Load reads.
type finding struct {
	path    string // absolute; "" if there is none
	name    string // as shown to people
	raw     []byte
	notices []string
}

// find reads the file that the options, FEEDWRIGHT_CONFIG or the working
// directory give.
func find(opts LoadOptions) (finding, error) {
	from := "--config"
	file := opts.File
	if file == "" {
		from = envConfig
		file = lookup(opts.Env, envConfig)
	}
	if file != "" {
		if !filepath.IsAbs(file) {
			file = filepath.Join(opts.Dir, file)
		}
		f := finding{path: file, name: shown(opts.Dir, file)}
		raw, err := readFile(file)
		if err != nil {
			return finding{}, problems{unreadable(from, f.name, err)}
		}
		if program, _ := foreign(raw); program != "" {
			return finding{}, problems{{File: f.name, Message: "this is a configuration of " + program, Hint: "name a file of feedwright's own; feedwright init writes one"}}
		}
		f.raw = raw
		return f, nil
	}
	var notices []string
	for _, name := range []string{"feedwright.yaml", "config.yaml"} {
		file := filepath.Join(opts.Dir, name)
		raw, err := readFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return finding{}, problems{unreadable("", name, err)}
		}
		if program, why := foreign(raw); program != "" && name == "config.yaml" {
			notices = append(notices, fmt.Sprintf("config.yaml here belongs to %s (it has %s) and is not used: feedwright's own settings go into feedwright.yaml.", program, why))
			continue
		}
		return finding{path: file, name: name, raw: raw, notices: notices}, nil
	}
	for _, name := range []string{"feedwright.yml", "config.yml"} {
		if _, err := os.Stat(filepath.Join(opts.Dir, name)); err == nil {
			notices = append(notices, fmt.Sprintf("%s here is not read: name it feedwright.yaml, or give it with --config.", name))
		}
	}
	return finding{notices: notices}, nil
}

const envConfig = envPrefix + "CONFIG"

// shown is a path as people like to see it: relative where it lies below dir.
func shown(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

// readFile reads at most one byte more than a config may have: what is longer
// is refused by its length.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for ever
		return nil, errNoFile
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return raw, nil
}

var errNoFile = errors.New("not a regular file")

func unreadable(from, name string, err error) *Problem {
	p := &Problem{From: from, File: name, Message: fmt.Sprintf("%s: %v", name, err), Hint: "check that the file can be read"}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.Message, p.Hint = "there is no file "+name, "check the path; feedwright init starts a new one"
	case errors.Is(err, fs.ErrPermission):
		p.Message, p.Hint = name+" may not be read by this user", "give it read permission, as with chmod a+r"
	case errors.Is(err, errNoFile):
		p.Message, p.Hint = name+" is a folder or a device, not a file", "name the file in it"
	}
	return p
}
