package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"feedwright/store"
	"feedwright/store/storetest"
)

// The child of TestKilledProcessLosesNothing is this test binary with a folder
// to work in.
const childDir = "FEEDWRIGHT_STORE_TEST_CHILD"

const crashSteps = 250

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := busy(context.Background(), dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if err := store.Warm(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// busy applies a history from where the last life stopped: one byte in the
// file done stands for each batch that Apply has returned.
func busy(ctx context.Context, dir string) error {
	s, err := store.Open(ctx, options(dir))
	if err != nil {
		return err
	}
	done, err := os.OpenFile(filepath.Join(dir, "done"), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	info, err := done.Stat()
	if err != nil {
		return err
	}
	h := storetest.NewHistory(42)
	if os.Getenv(childDir) != "" {
		fmt.Println("begun")
	}
	for i := range crashSteps {
		b := h.Next()
		if int64(i) < info.Size() {
			continue
		}
		if _, err := s.Apply(ctx, b); err != nil {
			return err
		}
		if _, err := done.Write([]byte{'.'}); err != nil {
			return err
		}
		if i%3 == 0 {
			if err := s.Index(ctx); err != nil {
				return err
			}
		}
		if i%20 == 0 {
			if err := s.Upkeep(ctx, b.Now); err != nil {
				return err
			}
		}
	}
	return s.Close()
}

func TestKilledProcessLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for seconds")
	}
	calm, rough := t.TempDir(), t.TempDir()
	if err := busy(t.Context(), calm); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	kills := 0
	for killed := true; killed; {
		if killed = lifetime(t, rough, time.Duration(rng.IntN(60_000))*time.Microsecond); killed {
			kills++
		}
		if kills == 60 { // enough: let it finish
			lifetime(t, rough, time.Minute)
			break
		}
	}
	t.Logf("%d kills", kills)
	if kills < 5 {
		t.Errorf("killed only %d times: the test shows little", kills)
	}
	want := linesIn(t, calm)
	compareLines(t, want, linesIn(t, rough))
	for _, suffix := range []string{"", "-wal", "-shm"} { // and its copy tells the same
		os.Remove(filepath.Join(rough, "feedwright.db"+suffix))
	}
	os.Remove(filepath.Join(rough, "done"))
	s, err := store.Open(t.Context(), options(rough))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	h := storetest.NewHistory(42)
	for range crashSteps {
		h.Next()
	}
	if _, err := s.Apply(t.Context(), h.All()); err != nil {
		t.Fatal(err)
	}
	got, err := storetest.Lines(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	compareLines(t, want, got)
}

// lifetime lets the child work and kills it after a while; false if it had
// finished by then.
func lifetime(t *testing.T, dir string, after time.Duration) (killed bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("the child did not begin: %v", err)
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() }) // it may have ended
	defer timer.Stop()
	err = cmd.Wait()
	if cmd.ProcessState.Exited() && err != nil {
		t.Fatalf("the child failed: %v", err)
	}
	return !cmd.ProcessState.Exited()
}

func linesIn(t *testing.T, dir string) map[string]storetest.Line {
	t.Helper()
	s, err := store.Open(t.Context(), options(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	lines, err := storetest.Lines(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	// Wherever a kill met the index of words, nothing is missing from it.
	asked := []string{"news of"}
	for n := range 60 {
		asked = append(asked, fmt.Sprintf("w%dx1 w%dx2", n, n))
	}
	if err := storetest.CompareWords(t.Context(), s, asked...); err != nil {
		t.Error(err)
	}
	return lines
}

func compareLines(t *testing.T, want, got map[string]storetest.Line) {
	t.Helper()
	if len(want) < 20 || len(got) != len(want) {
		t.Errorf("%d articles, want %d", len(got), len(want))
	}
	for _, p := range keys(want) {
		if want[p] != got[p] {
			t.Errorf("%s is %+v, want %+v", p, got[p], want[p])
		}
	}
}
