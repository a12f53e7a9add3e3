//go:build unix

package config

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestFileThatCannotBeReadIsASentence(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "pipe.yaml")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"nowhere.yaml": "there is no file nowhere.yaml\n  Check the path; feedwright init starts a new one.",
		".":            "is a folder or a device, not a file",
		"pipe.yaml":    "is a folder or a device, not a file",
	} {
		_, err := Load(LoadOptions{Dir: dir, File: file, Env: []string{}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("--config %s: %v, want %s", file, err, want)
		}
	}
}
