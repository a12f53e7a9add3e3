package hub_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"feedwright/article"
	"feedwright/hub"
)

// inBubble sets a scene whose clock runs by itself: the subscriber is reached
// over a network in memory.
func inBubble(t *testing.T, act func(*testing.T, *scene)) {
	synctest.Test(t, func(t *testing.T) {
		s := prepare(t)
		s.reader.url = "http://reader.example.net"
		w := newWire()
		srv := &http.Server{Handler: s.reader}
		go func() { _ = srv.Serve(w) }()
		out := &http.Transport{DialContext: w.dial, DisableKeepAlives: true}
		s.opt.Through(out)
		s.wait = func(what string, holds func() bool) {
			t.Helper()
			if synctest.Wait(); !holds() {
				t.Fatalf("it did not come true that %s; the hub says\n%s", what, s.log)
			}
		}
		s.start()
		act(t, s)
		s.stop()
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestFailedDeliveriesAreTriedLessAndLessOftenUntilTheLeaseEnds(t *testing.T) {
	inBubble(t, func(t *testing.T, s *scene) {
		s.subscribe(rss, "/cb", "hub.lease_seconds", "172800")
		until := time.Now().Add(172800 * time.Second)
		codes := []int{500, 301, 404, 429, 302, 503, 100 + 99}
		s.answers(func(push) int { return codes[len(s.reader.pushes)%6] })
		s.publish(rss, "<rss>two</rss>")
		time.Sleep(200 * 24 * time.Hour)
		got := s.got()
		want := []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, time.Hour, time.Hour}
		if len(got) < 40 {
			t.Fatalf("it was tried %d times", len(got))
		}
		for i, pause := range want {
			if d := got[i+1].at.Sub(got[i].at); d != pause {
				t.Errorf("after %d deliveries that failed it waited %v, want %v", i+1, d, pause)
			}
		}
		last := got[len(got)-1].at
		if !last.Before(until) || until.Sub(last) > time.Hour {
			t.Errorf("it was tried last at %v, and the lease ended at %v", last, until)
		}
		if s.subscriptions() != 0 {
			t.Error("the lease is over, and the subscription is not")
		}
	})
}

func TestSubscriberThatComesBackGetsTheNewestOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, s *scene) {
		s.subscribe(rss, "/cb")
		s.answers(func(push) int { return 500 })
		s.publish(rss, "<rss>two</rss>")
		time.Sleep(time.Hour)
		s.publish(rss, "<rss>three</rss>")
		time.Sleep(2 * time.Hour)
		s.publish(rss, "<rss>four</rss>")
		s.answers(nil)
		before := len(s.got())
		time.Sleep(24 * time.Hour)
		got := s.got()[before:]
		if len(got) != 1 {
			t.Fatalf("%d deliveries came", len(got))
		}
		notified(t, s.feeds, got[0], rss, "")
		// And the next failure is a first one again.
		s.answers(func(push) int { return 500 })
		s.publish(rss, "<rss>five</rss>")
		time.Sleep(31 * time.Second)
		if n := len(s.got()) - before; n != 3 {
			t.Errorf("%d deliveries came", n)
		}
	})
}

func TestRenewalHasWhatFailedTriedAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, s *scene) {
		s.subscribe(rss, "/cb")
		s.answers(func(push) int { return 500 })
		s.publish(rss, "<rss>two</rss>")
		time.Sleep(10 * time.Hour)
		s.answers(nil)
		before := len(s.got())
		s.subscribe(rss, "/cb")
		synctest.Wait()
		if n := len(s.got()) - before; n != 1 {
			t.Errorf("%d deliveries came", n)
		}
	})
}

func TestGoneCallbackEndsItsSubscription(t *testing.T) {
	inBubble(t, func(t *testing.T, s *scene) {
		s.subscribe(rss, "/cb")
		s.subscribe(atom, "/cb")
		s.answers(func(push) int { return http.StatusGone })
		s.publish(rss, "<rss>two</rss>")
		time.Sleep(48 * time.Hour)
		if n, left := len(s.got()), s.subscriptions(); n != 1 || left != 1 {
			t.Errorf("%d deliveries came, and %d subscriptions are left", n, left)
		}
		s.stop()
		s.start()
		if left := s.subscriptions(); left != 1 {
			t.Errorf("after a restart there are %d", left)
		}
	})
}

func TestLeaseEndsAlsoWhileNothingRuns(t *testing.T) {
	inBubble(t, func(t *testing.T, s *scene) {
		s.subscribe(rss, "/cb", "hub.lease_seconds", "86400")
		s.stop()
		s.feeds.set(rss, "<rss>two</rss>")
		time.Sleep(25 * time.Hour)
		s.start()
		synctest.Wait()
		if n, left := len(s.got()), s.subscriptions(); n != 0 || left != 0 {
			t.Errorf("%d deliveries came, and %d subscriptions are left", n, left)
		}
	})
}

// TestWhatIsOwedIsOwedAfterARestart: the edition came, the process was away.
func TestWhatIsOwedIsOwedAfterARestart(t *testing.T) {
	inBubble(t, func(t *testing.T, s *scene) {
		s.subscribe(rss, "/cb", "hub.secret", "x")
		s.subscribe(atom, "/cb")
		s.publish(atom, "<feed>two</feed>")
		s.arrives(1)
		s.stop()
		s.feeds.set(rss, "<rss>two</rss>")
		s.start()
		notified(t, s.feeds, s.arrives(2), rss, "x")
		s.stop()
		s.start()
		synctest.Wait()
		if n := len(s.got()); n != 2 {
			t.Errorf("%d deliveries came: what was delivered is delivered again", n)
		}
	})
}

func TestPauseAfterAFailureOutlivesARestart(t *testing.T) {
	inBubble(t, func(t *testing.T, s *scene) {
		s.subscribe(rss, "/cb")
		s.answers(func(push) int { return 500 })
		s.publish(rss, "<rss>two</rss>")
		time.Sleep(10 * time.Hour)
		before := len(s.got())
		s.stop()
		s.start()
		synctest.Wait()
		if n := len(s.got()) - before; n != 0 {
			t.Errorf("a start brings %d deliveries to who is left alone", n)
		}
		time.Sleep(time.Hour)
		if n := len(s.got()) - before; n != 1 {
			t.Errorf("in an hour there were %d", n)
		}
	})
}

func TestChangeWhileTheQuestionIsAskedIsDelivered(t *testing.T) {
	inBubble(t, func(t *testing.T, s *scene) {
		s.agrees(func(w http.ResponseWriter, r *http.Request) {
			s.publish(rss, "<rss>two</rss>")
			io.WriteString(w, r.URL.Query().Get("hub.challenge"))
		})
		s.subscribe(rss, "/cb")
		notified(t, s.feeds, s.arrives(1), rss, "")
	})
}

func TestSlowCallbacksAreGivenUp(t *testing.T) {
	inBubble(t, func(t *testing.T, s *scene) {
		s.agrees(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		began := time.Now()
		s.post(s.form("subscribe", rss, "/cb"))
		if time.Since(began) != 0 {
			t.Error("the answer waited for the callback")
		}
		time.Sleep(5*time.Second + time.Millisecond)
		if n := s.stat("hub_unconfirmed"); n != 1 {
			t.Errorf("after five seconds %d questions are given up", n)
		}
		s.agrees(nil)
		s.subscribe(rss, "/cb")
		s.answers(func(push) int { time.Sleep(time.Minute); return 200 })
		s.publish(rss, "<rss>two</rss>")
		time.Sleep(10*time.Second + time.Millisecond)
		if n := s.stat("hub_failed"); n != 1 {
			t.Errorf("after ten seconds %d deliveries are given up", n)
		}
		time.Sleep(10 * time.Minute)
		s.answers(nil)
		time.Sleep(time.Hour)
		if n := s.stat("hub_delivered"); n != 1 {
			t.Errorf("%d deliveries in the end", n)
		}
	})
}

func TestFeedThatIsNotThereIsWaitedForAndARevokedOneIsNot(t *testing.T) {
	inBubble(t, func(t *testing.T, s *scene) {
		s.subscribe(rss, "/cb")
		s.subscribe(atom, "/cb")
		s.subscribe(jsonf, "/cb")
		s.feeds.fail(rss, fmt.Errorf("category: %w", article.ErrNotFound))
		s.feeds.fail(atom, fmt.Errorf("token: %w", hub.ErrRevoked))
		s.feeds.fail(jsonf, article.ErrUnready)
		for self := range s.feeds.text {
			s.publish(self, "two of "+self)
		}
		time.Sleep(time.Minute)
		if n := len(s.got()); n != 0 {
			t.Fatalf("%d deliveries of what is not public", n)
		}
		q := s.questions()
		if last := q[len(q)-1]; len(q) != 4 || last.Get("hub.mode") != "denied" || last.Get("hub.topic") != atom || last.Get("hub.reason") == "" {
			t.Errorf("the subscriber was told %v", q[3:])
		}
		if left := s.subscriptions(); left != 2 {
			t.Errorf("%d subscriptions are left", left)
		}
		s.feeds.fail(jsonf, nil) // no edition comes with it
		time.Sleep(11 * time.Second)
		notified(t, s.feeds, s.arrives(1), jsonf, "")
		s.feeds.fail(rss, nil)
		s.hub.Wake()
		notified(t, s.feeds, s.arrives(2), rss, "")
	})
}

func TestFeedTooLargeForReadersIsNotPushed(t *testing.T) {
	inBubble(t, func(t *testing.T, s *scene) {
		s.subscribe(rss, "/a")
		s.subscribe(rss, "/b")
		s.publish(rss, strings.Repeat("x", hub.MaxDelivery))
		synctest.Wait()
		if n := len(s.got()); n != 2 {
			t.Errorf("3 MiB were delivered to %d", n)
		}
		s.publish(rss, strings.Repeat("y", hub.MaxDelivery+1))
		synctest.Wait()
		denied := 0
		for _, q := range s.questions() {
			if q.Get("hub.mode") == "denied" && q.Get("hub.topic") == rss {
				denied++
			}
		}
		if n := len(s.got()); n != 2 || denied != 2 || s.subscriptions() != 0 {
			t.Errorf("%d deliveries, %d told, %d subscriptions left", n, denied, s.subscriptions())
		}
		if n := strings.Count(s.log.String(), "too large to be pushed, and"); n != 1 {
			t.Errorf("the log tells it %d times:\n%s", n, s.log)
		}
	})
}

func TestFailureToMakeAFeedIsTriedAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, s *scene) {
		var broken atomic.Bool
		broken.Store(true)
		s.stop()
		s.opt.Topics = topicsFunc(func(ctx context.Context, address string) (hub.Topic, error) {
			x, err := s.feeds.Topic(ctx, address)
			if broken.Load() {
				x.Body = func(context.Context) ([]byte, error) { return nil, io.ErrUnexpectedEOF }
			}
			return x, err
		})
		s.start()
		s.subscribe(rss, "/cb")
		s.publish(rss, "<rss>two</rss>")
		synctest.Wait()
		broken.Store(false)
		time.Sleep(31 * time.Second)
		notified(t, s.feeds, s.arrives(1), rss, "")
	})
}

type topicsFunc func(context.Context, string) (hub.Topic, error)

func (f topicsFunc) Topic(ctx context.Context, address string) (hub.Topic, error) {
	return f(ctx, address)
}

// TestNobodyIsAskedWithoutEnd: whoever confirms nothing is left alone, but for
// what it has subscribed to.
func TestNobodyIsAskedWithoutEnd(t *testing.T) {
	inBubble(t, func(t *testing.T, s *scene) {
		s.subscribe(rss, "/cb")
		s.agrees(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
		before := len(s.questions())
		refused := 0
		for i := range 200 {
			if w := s.post(s.form("subscribe", rss, fmt.Sprintf("/%d", i))); w.Code == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "60" {
				refused++
			}
			synctest.Wait()
		}
		if asked := len(s.questions()) - before; asked != 60 || refused != 140 {
			t.Errorf("in a minute it was asked %d times, and %d requests were refused", asked, refused)
		}
		s.agrees(nil)
		s.subscribe(rss, "/cb") // a renewal
		time.Sleep(time.Minute)
		s.subscribe(rss, "/more")
	})
}

// TestFeedThatMovedIsDeliveredFromWhereItIs: a category's slug was changed, and
// the former one still leads to it. WebSub §6.1 has its links tell the new one.
func TestFeedThatMovedIsDeliveredFromWhereItIs(t *testing.T) {
	inBubble(t, func(t *testing.T, s *scene) {
		s.stop()
		const former = "https://news.example.org/feed"
		s.fill([]hub.Subscription{{Topic: former, Asked: former, Callback: s.reader.url + "/cb", Expires: time.Now().Add(time.Hour), Delivered: "before"}})
		s.start()
		notified(t, s.feeds, s.arrives(1), rss, "")
		s.publish(rss, strings.Repeat("y", hub.MaxDelivery+1))
		synctest.Wait()
		if n := len(s.got()); n != 1 || s.subscriptions() != 0 {
			t.Errorf("of a feed too large %d deliveries came, and %d subscriptions are left", n-1, s.subscriptions())
		}
	})
}
