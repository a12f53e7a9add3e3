package hub_test

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"feedwright/hub"
)

func TestOnlyThePublicInternetIsCalled(t *testing.T) {
	for a, want := range map[string]bool{
		"93.184.215.14": true, "1.1.1.1": true, "2606:4700::1111": true, "::ffff:93.184.215.14": true, "64:ff9b::5db8:d70e": true,
		"127.0.0.1": false, "127.9.9.9": false, "0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "100.127.255.255": false, "192.0.0.8": false, "192.0.2.1": false,
		"192.88.99.1": false, "198.18.0.1": false, "198.51.100.1": false, "203.0.113.1": false, "224.0.0.1": false, "239.255.255.255": false,
		"240.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::127.0.0.1": false, "fe80::1": false, "fc00::1": false,
		"fd12:3456::1": false, "ff02::1": false, "fec0::1": false, "64:ff9b::7f00:1": false, "64:ff9b::a00:1": false, "64:ff9b:1::1": false,
		"2001::1": false, "2001:db8::1": false, "2002:7f00:1::": false, "2002:c0a8:101::1": false, "100::1": false, "fe80::1%eth0": false, "2606:4700::1111%eth0": false,
	} {
		if got := hub.Public(netip.MustParseAddr(a)); got != want {
			t.Errorf("%s is public: %v, want %v", a, got, want)
		}
	}
}

// nameServer answers with the first address once and with the second after
// that, as somebody does who wants to slip past a check of the first.
func nameServer(t *testing.T, answers ...string) (*net.Resolver, *atomic.Int64) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	asked := &atomic.Int64{}
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			if q.Type == dnsmessage.TypeA {
				i := min(int(asked.Add(1))-1, len(answers)-1)
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: netip.MustParseAddr(answers[i]).As4()},
				}}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}, asked
}

// TestNoNameLeadsInside: the address that is looked at is the one that is
// dialled, for names of this machine and for names that mean another address at
// each look.
func TestNoNameLeadsInside(t *testing.T) {
	for name, list := range map[string][]string{
		"a name of this machine": {"127.0.0.1"},
		"a name that changes":    {"127.0.0.2", "127.0.0.1", "10.0.0.1"},
		"this network":           {"0.0.0.0"},
		"a cloud's metadata":     {"169.254.169.254"},
	} {
		resolver, asked := nameServer(t, list...)
		s := begin(t, func(o *hub.Options) {
			o.Allow = nil
			o.Resolving(resolver)
		})
		_, port, _ := strings.Cut(strings.TrimPrefix(s.reader.url, "http://"), ":")
		s.reader.url = "http://reader.example.net:" + port
		for i := range len(list) {
			if w := s.post(s.form("subscribe", rss, "/cb")); w.Code != http.StatusAccepted {
				t.Fatalf("%s: answered %d %s", name, w.Code, w.Body)
			}
			s.wait("it is not confirmed", func() bool { return s.stat("hub_unconfirmed") == uint64(i+1) })
		}
		if n := len(s.questions()); n != 0 || asked.Load() == 0 {
			t.Errorf("%s: this machine was asked %d times, the name looked up %d times", name, n, asked.Load())
		}
		if !strings.Contains(s.log.String(), "not public") {
			t.Errorf("%s: the log says\n%s", name, s.log)
		}
	}
}

// TestNameThatIsReboundAfterTheSubscriptionGetsNothing: it meant a public
// address when it was confirmed, and means this machine when it is delivered to.
func TestNameThatIsReboundAfterTheSubscriptionGetsNothing(t *testing.T) {
	resolver, _ := nameServer(t, "127.0.0.1", "127.0.0.2")
	s := begin(t, func(o *hub.Options) {
		o.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} // stands for the public internet
		o.Resolving(resolver)
	})
	_, port, _ := strings.Cut(strings.TrimPrefix(s.reader.url, "http://"), ":")
	s.reader.url = "http://reader.example.net:" + port
	s.agrees(func(w http.ResponseWriter, r *http.Request) { // the next is a connection of its own
		w.Header().Set("Connection", "close")
		_, _ = w.Write([]byte(r.URL.Query().Get("hub.challenge")))
	})
	s.subscribe(rss, "/cb")
	s.publish(rss, "<rss>two</rss>")
	s.wait("the delivery fails", func() bool { return s.stat("hub_failed") == 1 })
	if n := len(s.got()); n != 0 || !strings.Contains(s.log.String(), "not public") {
		t.Errorf("%d deliveries; the log says\n%s", n, s.log)
	}
}

func TestNoRedirectOfADeliveryIsFollowed(t *testing.T) {
	s := begin(t)
	s.subscribe(rss, "/cb")
	s.answers(func(push) int { return http.StatusPermanentRedirect })
	s.publish(rss, "<rss>two</rss>")
	s.wait("the delivery fails", func() bool { return s.stat("hub_failed") == 1 })
	if n := len(s.got()); n != 1 {
		t.Errorf("%d requests came", n)
	}
}
