//go:build !linux

package source

import "strings"

// networkDisk names the network file system a folder lies on, or "". Here only
// a Windows share's name tells; elsewhere a scan that finds what no event told
// makes scans frequent.
func networkDisk(dir string) string {
	if strings.HasPrefix(dir, `\\`) {
		return "smb"
	}
	return ""
}
