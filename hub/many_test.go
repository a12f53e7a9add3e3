package hub_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"feedwright/hub"
	"feedwright/store"
)

// TestFiveThousandSubscribersAreServedAFewAtATime: each gets it once, no more
// than the allowed number at a time, and the memory that it takes is that of a
// few copies of the feed.
func TestFiveThousandSubscribersAreServedAFewAtATime(t *testing.T) {
	all := 5000
	if testing.Short() {
		all = 500
	}
	names, _ := nameServer(t, "127.0.0.1")
	s := begin(t, func(o *hub.Options) { o.Resolving(names) })
	s.stop()
	var list []hub.Subscription
	for i := range all { // of 50 hosts, all of them this machine
		url := strings.Replace(s.reader.url, "127.0.0.1", fmt.Sprintf("reader%d.example.net", i%50), 1)
		list = append(list, hub.Subscription{Topic: rss, Asked: rss, Callback: fmt.Sprintf("%s/%d", url, i), Secret: "x", Expires: time.Now().Add(time.Hour), Delivered: "what was before"})
	}
	s.fill(list)
	text := strings.Repeat("<item>it is a long feed</item>", 2_000)
	s.feeds.set(rss, text)
	keep := make(chan struct{})
	most := uint64(0)
	go func() { // the most memory in use while it is delivered
		defer close(keep)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			select {
			case <-time.After(20 * time.Millisecond):
			case <-t.Context().Done():
				return
			}
			if s.reader.count() == all {
				return
			}
		}
	}()
	s.reader.forget = true
	s.start()
	s.wait("all have it", func() bool { return s.stat("hub_delivered") == uint64(all) })
	<-keep
	seen := map[string]int{}
	for _, p := range s.got() {
		seen[p.path]++
	}
	for i := range all {
		if n := seen[fmt.Sprintf("/%d", i)]; n != 1 {
			t.Fatalf("subscriber %d got it %d times", i, n)
		}
	}
	_, posting := s.hub.Peaks()
	if posting > hub.Deliverers || s.reader.peak > hub.Deliverers {
		t.Errorf("%d deliveries were under way at once", posting)
	}
	if bound := uint64(len(text) * all / 4); most > bound && !testing.Short() {
		t.Errorf("%d bytes were in use", most)
	}
	t.Logf("at once %d, at the subscriber %d, heap %d KB, feed %d KB", posting, s.reader.peak, most>>10, len(text)>>10)
	s.stop()
	s.start() // and what was delivered is written down
	if n := s.stat("hub_delivered"); n != 0 || s.reader.count() != all {
		t.Errorf("after a restart %d are delivered again", n)
	}
}

// TestOneSlowHostHoldsNobodyUp: all of its subscribers together take two places.
func TestOneSlowHostHoldsNobodyUp(t *testing.T) {
	names, _ := nameServer(t, "127.0.0.1")
	s := begin(t, func(o *hub.Options) { o.Resolving(names) })
	hold := make(chan struct{})
	for i := range 30 {
		s.subscribe(rss, fmt.Sprintf("/slow/%d", i))
	}
	fast := strings.Replace(s.reader.url, "127.0.0.1", "fast.example.net", 1)
	f := s.form("subscribe", rss, "")
	f.Set("hub.callback", fast+"/fast")
	s.post(f)
	s.wait("the last one stands", func() bool { return s.subscriptions() == 31 })
	s.answers(func(p push) int {
		if strings.HasPrefix(p.path, "/slow/") {
			<-hold
		}
		return 200
	})
	s.publish(rss, "<rss>two</rss>")
	s.wait("the fast one has it", func() bool { return s.stat("hub_delivered") == 1 })
	slow := 0
	for _, p := range s.got() {
		if strings.HasPrefix(p.path, "/slow/") {
			slow++
		}
	}
	if slow > 2 {
		t.Errorf("%d deliveries to one host at once", slow)
	}
	close(hold)
	s.wait("all have it", func() bool { return s.stat("hub_delivered") == 31 })
}

// fill writes subscriptions as an earlier run left them.
func (s *scene) fill(list []hub.Subscription) {
	s.t.Helper()
	st, err := store.Open(s.t.Context(), s.storeOptions())
	if err != nil {
		s.t.Fatal(err)
	}
	if err := st.SaveSubscriptions(s.t.Context(), list, nil); err != nil {
		s.t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		s.t.Fatal(err)
	}
}
