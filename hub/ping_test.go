package hub_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"feedwright/hub"
)

// TestAnotherHubIsToldOfEachChangeUntilItTakesIt: once for each state, again
// after a failure, less and less often, and not of what nobody polls.
func TestAnotherHubIsToldOfEachChangeUntilItTakesIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		polled := []hub.Polled{{Self: rss, State: "1"}, {Self: atom, State: "1"}}
		var told []string
		var at []time.Time
		code := http.StatusNoContent
		w := newWire()
		srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if err := r.ParseForm(); err != nil || r.Method != "POST" || r.PostForm.Encode() != (url.Values{"hub.mode": {"publish"}, "hub.url": {r.PostForm.Get("hub.url")}}).Encode() {
				t.Errorf("%s %v, %v", r.Method, r.PostForm, err)
			}
			told, at = append(told, r.PostForm.Get("hub.url")), append(at, time.Now())
			w.WriteHeader(code)
		})}
		go func() { _ = srv.Serve(w) }()
		o := hub.PingOptions{Hub: "http://hub.example.org/", Polled: func(context.Context) []hub.Polled {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(polled)
		}}
		o.Through(&http.Transport{DialContext: w.dial, DisableKeepAlives: true})
		p := hub.NewPinger(o)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- p.Run(ctx) }()
		change := func(next ...hub.Polled) {
			mu.Lock()
			polled = next
			mu.Unlock()
			p.Wake()
			synctest.Wait()
		}
		news := func(want ...string) {
			t.Helper()
			mu.Lock()
			defer mu.Unlock()
			slices.Sort(told)
			slices.Sort(want)
			if !slices.Equal(told, want) {
				t.Errorf("it was told of %q, want %q", told, want)
			}
			told, at = nil, nil
		}
		synctest.Wait()
		news(rss, atom)
		change(hub.Polled{Self: rss, State: "2"}, hub.Polled{Self: atom, State: "1"})
		news(rss)
		p.Wake()
		synctest.Wait()
		news()

		code = http.StatusFound // no redirect is followed, and it is no success
		change(hub.Polled{Self: rss, State: "2"}, hub.Polled{Self: atom, State: "2"})
		time.Sleep(8 * time.Minute)
		mu.Lock()
		for i, pause := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute} {
			if d := at[i+1].Sub(at[i]); d != pause {
				t.Errorf("after %d failures it waited %v, want %v", i+1, d, pause)
			}
		}
		mu.Unlock()
		news(atom, atom, atom, atom, atom)
		code = http.StatusAccepted
		change(hub.Polled{Self: rss, State: "2"}, hub.Polled{Self: atom, State: "3"})
		time.Sleep(2 * time.Hour)
		news(atom)
		change(hub.Polled{Self: rss, State: "2"})
		change(hub.Polled{Self: rss, State: "2"}, hub.Polled{Self: atom, State: "4"}) // it is polled again
		news(atom)
		if c := p.Counts(); c["hub_pings"] != 5 || c["hub_pings_failed"] != 5 {
			t.Errorf("counted %v", c)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
}
