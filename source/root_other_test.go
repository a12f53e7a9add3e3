//go:build !linux

package source

import "testing"

func dropRoot(t *testing.T, _ func()) { t.Skip("needs a user other than root") }
