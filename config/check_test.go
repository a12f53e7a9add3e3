package config

import (
	"strings"
	"testing"
)

func TestSiteURLFollowsListenUnlessSet(t *testing.T) {
	for listen, want := range map[string]string{
		"127.0.0.1:8080":     "http://127.0.0.1:8080",
		":8080":              "http://127.0.0.1:8080",
		"0.0.0.0:80":         "http://127.0.0.1",
		"'[::]:8080'":        "http://127.0.0.1:8080",
		"'[::1]:80'":         "http://[::1]",
		"news.example.org:9": "http://news.example.org:9",
		"unix:run.sock":      "http://127.0.0.1:8080",
		"systemd":            "http://127.0.0.1:8080",
	} {
		l, err := loadText(t, "server: {listen: "+listen+"}\n")
		if err != nil {
			t.Errorf("%s: %v", listen, err)
		} else if got := l.Config.Site.URL; got != want {
			t.Errorf("listen %s: site.url = %s, want %s", listen, got, want)
		}
	}
}

func TestSiteURLHasOneSpellingAndAPrefix(t *testing.T) {
	for url, want := range map[string][2]string{
		"https://news.example.org":                     {"https://news.example.org", ""},
		"HTTPS://News.Example.ORG:443/":                {"https://news.example.org", ""},
		"http://example.org:80//":                      {"http://example.org", ""},
		"https://example.org:8443/a/b/":                {"https://example.org:8443/a/b", "/a/b"},
		"https://example.org/%D1%81%D0%B2%D1%96%D1%82": {"https://example.org/%D1%81%D0%B2%D1%96%D1%82", "/світ"},
	} {
		l, err := loadText(t, "site: {url: '"+url+"'}\n")
		if err != nil {
			t.Errorf("%s: %v", url, err)
		} else if got := [2]string{l.Config.Site.URL, l.Config.Prefix()}; got != want {
			t.Errorf("%s is kept as %q, want %q", url, got, want)
		}
	}
	for _, url := range []string{"ftp://example.org", "//example.org", "https://", "https://example.org?", "https://example.org/?a=b", "https://example.org/#x", "https://me:pw@example.org", "https://example.org:99999", "https://exa mple.org", "mailto:a@b"} {
		if _, err := loadText(t, "site: {url: '"+url+"'}\n"); err == nil {
			t.Errorf("%s is accepted", url)
		}
	}
}

func TestListenersDoNotTakeEachOthersAddress(t *testing.T) {
	for text, want := range map[string]string{
		"{listen: ':8081'}":                               "is taken by server.listen",
		"{listen: '0.0.0.0:9', admin: '127.0.0.1:9'}":     "is taken by server.listen",
		"{listen: systemd, admin: systemd}":               "is taken by server.listen",
		"{listen: '127.0.0.1:0', admin: '127.0.0.1:0'}":   "", // the system gives each its own
		"{listen: '127.0.0.1:9', admin: '127.0.0.2:9'}":   "",
		"{listen: '127.0.0.1:8081', admin: off}":          "",
		"{listen: 'unix:a.sock', admin: 'unix:b.sock'}":   "",
		"{listen: 'unix:a.sock', admin: 'unix:./a.sock'}": "is taken by server.listen",
	} {
		_, err := loadText(t, "server: "+text+"\n")
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestOpenAdminListenerIsNoticed(t *testing.T) {
	for admin, noticed := range map[string]bool{":8081": true, "0.0.0.0:8081": true, "192.0.2.1:8081": true, "127.0.0.1:9": false, "'[::1]:9'": false, "localhost:9": false, "unix:a.sock": false, "off": false} {
		l, err := loadText(t, "server: {admin: "+admin+"}\n")
		if err != nil {
			t.Errorf("%s: %v", admin, err)
		} else if (len(l.Notices) > 0) != noticed {
			t.Errorf("%s: notices %q", admin, l.Notices)
		}
	}
}

func TestZoneIsTheSites(t *testing.T) {
	l, err := loadText(t, "site: {timezone: Europe/Kyiv}\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Config.Zone().String(); got != "Europe/Kyiv" {
		t.Errorf("zone = %s", got)
	}
	if c := Default(); c.Zone().String() != "UTC" {
		t.Errorf("default zone = %s", c.Zone())
	}
}
