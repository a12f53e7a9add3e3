package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

// row is a line of the table. What could not be measured says why in its place.
type row struct {
	What    string             `json:"what"`
	Goal    string             `json:"goal"`
	Ours    string             `json:"feedwright"`
	Peer    string             `json:"peer"`
	Ratio   string             `json:"ratio"`
	Reached string             `json:"reached"`
	Figures map[string]float64 `json:"figures,omitempty"` // by name; seconds, bytes, a second
}

const (
	yes        = "yes"
	no         = "no"
	unmeasured = "not measured"
)

func reached(is bool) string {
	if is {
		return yes
	}
	return no
}

// times writes a ratio: 1/7.3 where the first is less, else 1.4×.
func times(ours, theirs float64) string {
	switch {
	case ours <= 0 || theirs <= 0:
		return "–"
	case ours < theirs:
		return fmt.Sprintf("1/%.3g", theirs/ours)
	}
	return fmt.Sprintf("%.3g×", ours/theirs)
}

// record is a run: its table, and all that is needed to repeat it.
type record struct {
	At       time.Time         `json:"at"`
	Command  string            `json:"command"`
	Articles int               `json:"articles"`
	Corpus   string            `json:"corpus"`
	Commit   string            `json:"commit"`
	Machine  string            `json:"machine"`
	Load     string            `json:"load"` // of the machine when the run began, by loadavg
	Versions map[string]string `json:"versions"`
	Rows     []row             `json:"rows"`
}

func (b *bench) record(ctx context.Context) *record {
	r := &record{
		At: time.Now().UTC().Truncate(time.Second), Command: "go run ./bench " + strings.Join(os.Args[1:], " "),
		Articles: b.corpus.Articles, Corpus: b.corpus.String(), Machine: machine(), Load: b.load,
		Versions: b.peers.versions, Rows: b.rows,
	}
	r.Versions["Go"] = runtime.Version()
	if c, err := run(ctx, b.root, nil, "git", "describe", "--always", "--dirty"); err == nil {
		r.Commit = strings.TrimSpace(c.said.String())
	}
	return r
}

// machine says what the figures were taken on.
func machine() string {
	model := "unknown processor"
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if k, v, _ := strings.Cut(line, ":"); strings.TrimSpace(k) == "model name" {
			model = strings.TrimSpace(v)
			break
		}
	}
	var memory int64
	text, _ = os.ReadFile("/proc/meminfo")
	if _, err := fmt.Sscanf(string(text), "MemTotal: %d kB", &memory); err != nil {
		memory = 0
	}
	return fmt.Sprintf("%d × %s, %s memory, %s/%s", runtime.NumCPU(), model, weight(memory<<10), runtime.GOOS, runtime.GOARCH)
}

func loadNow() string {
	text, _ := os.ReadFile("/proc/loadavg")
	f := strings.Fields(string(text))
	return strings.Join(f[:min(3, len(f))], " ")
}

// print writes the table in Markdown, and below it what it was measured with.
func (r *record) print(w io.Writer) {
	fmt.Fprintf(w, "\n## %d articles\n\n`%s`, %s, commit %s\n\n", r.Articles, r.Command, r.At.Format(time.DateOnly), r.Commit)
	fmt.Fprintln(w, "| what | goal | feedwright | peer | ratio | reached |\n| --- | --- | --- | --- | --- | --- |")
	for _, x := range r.Rows {
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s |\n", x.What, x.Goal, x.Ours, x.Peer, x.Ratio, x.Reached)
	}
	fmt.Fprintf(w, "\nMachine: %s; load before: %s.\n", r.Machine, r.Load)
	for _, name := range []string{"Go", "Hugo", "nginx", "Caddy", "wrk"} {
		fmt.Fprintf(w, "%s: %s. ", name, r.Versions[name])
	}
	fmt.Fprintln(w)
}

// append adds the record to a file, as one line.
func (r *record) append(path string) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(append(line, '\n')); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// readRecords reads a file of records, oldest first.
func readRecords(path string) ([]record, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []record
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var r record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", path, n, err)
		}
		list = append(list, r)
	}
	return list, lines.Err()
}

// figures gathers one figure by size; the newest run of a size counts.
func figures(list []record, name string) map[int]float64 {
	by := map[int]float64{}
	for _, r := range list {
		for _, x := range r.Rows {
			if v, ok := x.Figures[name]; ok && v > 0 {
				by[r.Articles] = v
			}
		}
	}
	return by
}
