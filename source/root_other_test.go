//go:build !linux

package source

import (
	"errors"
	"testing"
)

func makePipe(string) error { return errors.ErrUnsupported }

func dropRoot(t *testing.T, _ func()) { t.Skip("needs a user other than root") }
