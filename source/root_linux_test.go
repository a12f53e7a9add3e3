package source

import (
	"syscall"
	"testing"
)

func makePipe(path string) error { return syscall.Mkfifo(path, 0o644) }

// dropRoot gives up root's rights for all threads of this process, and takes
// them back.
func dropRoot(t *testing.T, f func()) {
	t.Helper()
	if err := syscall.Setreuid(-1, 65534); err != nil {
		t.Skipf("cannot become another user: %v", err)
	}
	defer func() {
		if err := syscall.Setreuid(-1, 0); err != nil {
			t.Fatalf("cannot become root again: %v", err)
		}
	}()
	f()
}
