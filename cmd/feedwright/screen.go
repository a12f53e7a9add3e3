package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"feedwright/config"
	"feedwright/feed"
	"feedwright/source/parse"
)

// folderThere says what to do where there is no folder of articles yet.
func folderThere(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no folder of articles at %s.\n%s"+
			"  feedwright init            makes one here, with a config and a first article\n"+
			"  feedwright serve DIR       publishes the folder DIR\n"+
			"  source.dir in the config   names another one", dir, likely("."))
	case err == nil && !info.IsDir():
		return fmt.Errorf("%s is a file: name the folder that it lies in", dir)
	}
	return nil
}

// likely names the folder that somebody who starts in a site of another
// program, in a vault or among their texts probably means.
func likely(here string) string {
	for _, name := range []string{"content", "_posts", "src/content", "posts", "blog"} {
		if info, err := os.Stat(filepath.Join(here, name)); err == nil && info.IsDir() {
			return fmt.Sprintf("  %-26s publishes the articles of this site\n", "feedwright serve "+name)
		}
	}
	entries, err := os.ReadDir(here)
	if err != nil {
		return ""
	}
	for _, e := range entries {
		if e.Name() == ".obsidian" {
			return fmt.Sprintf("  %-26s publishes the notes of this vault that say publish: true\n", "feedwright serve .")
		}
	}
	for _, e := range entries {
		if !e.IsDir() && parse.Reads(e.Name()) && !strings.HasPrefix(e.Name(), "README") {
			return fmt.Sprintf("  %-26s publishes the texts that lie here\n", "feedwright serve .")
		}
	}
	return ""
}

// unreached warns of a site.url that names this machine, but not the port that
// is listened on: every link in every feed would lead nowhere.
func unreached(site string, at net.Addr) []string {
	u, err := url.Parse(site)
	if err != nil || at.Network() != "tcp" {
		return nil
	}
	ip := net.ParseIP(u.Hostname())
	if u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil
	}
	port := u.Port()
	if port == "" {
		port = "80"
	}
	if _, listening, err := net.SplitHostPort(at.String()); err != nil || listening == port {
		return nil
	}
	return []string{fmt.Sprintf("site.url is %s, but this server listens at %s: the links in the feeds lead elsewhere. Say where readers reach it with site.url or --url.", site, where(at))}
}

// screen is what a person sees first: what is published, where, and how to go on.
func (a *app) screen(s *site, at net.Addr, admin net.Listener) {
	st := s.publisher.Status()
	c := &s.loaded.Config
	w := a.stderr
	fmt.Fprintf(w, "\n%s – feedwright %s is ready\n\n", c.Site.Title, version())
	fmt.Fprintf(w, "  %s\n", counted(st))
	for _, f := range st.Faults[:min(5, len(st.Faults))] {
		fmt.Fprintf(w, "    %s\n", f.Error())
	}
	if more := len(st.Faults) - 5; more > 0 {
		fmt.Fprintf(w, "    and %d more: feedwright check\n", more)
	}
	for _, line := range s.ignored() {
		fmt.Fprintf(w, "    %s\n", line)
	}
	fmt.Fprintln(w)
	for _, f := range c.Feed.Formats {
		fmt.Fprintf(w, "  %-11s %s\n", formatNames[f], c.Site.URL+feed.Address{Format: f}.Path())
	}
	fmt.Fprintf(w, "  %-11s %s/\n", "Page", c.Site.URL)
	if named, _ := s.announced(c); named != "" {
		fmt.Fprintf(w, "  %-11s %s\n", "Hub", named)
	}
	fmt.Fprintf(w, "  %-11s %s\n", "Listening", where(at))
	if admin != nil {
		fmt.Fprintf(w, "  %-11s %s\n", "Operator", where(admin.Addr())+"/status")
	}
	fmt.Fprintf(w, "  %-11s %s\n", "Folder", st.Watching)
	fmt.Fprintf(w, "  %-11s %s\n", "Ledger", s.store.LedgerSentence())
	fmt.Fprintf(w, "  %-11s %s\n", "Settings", settingsSentence(s.loaded))
	for _, warning := range append(st.Warnings, unreached(c.Site.URL, at)...) {
		fmt.Fprintf(w, "\n  Attention: %s\n", warning)
	}
	fmt.Fprintf(w, "\n  feedwright why FILE says how a file was read; feedwright feeds lists all addresses.\n\n")
}

var formatNames = map[feed.Format]string{feed.RSS: "RSS", feed.Atom: "Atom", feed.JSON: "JSON Feed"}

func counted(st feed.Status) string {
	out := fmt.Sprintf("%d published, %d held, %d refused", st.Published, st.Held, st.Refused)
	if st.Expired > 0 {
		out += fmt.Sprintf(", %d expired", st.Expired)
	}
	return out
}

// ignored says in a few lines what in the folder is not read, and why.
func (s *site) ignored() []string {
	var out []string
	list := s.folder.State().Ignored
	for _, r := range list[:min(4, len(list))] {
		out = append(out, "not read "+ignoredText(r))
	}
	return out
}

func where(a net.Addr) string {
	if a.Network() == "unix" {
		return "unix:" + a.String()
	}
	return "http://" + a.String()
}

func settingsSentence(l *config.Loaded) string {
	if l.File == "" {
		return "no config file: every setting has its default (feedwright init writes one)"
	}
	return l.File
}
