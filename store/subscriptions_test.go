package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feedwright/hub"
	"feedwright/store"
)

func TestSubscriptionsOutliveARestart(t *testing.T) {
	b := begin(t)
	var want []hub.Subscription
	for i := range 3 {
		want = append(want, hub.Subscription{
			Topic: "https://news.example.org/rss.xml", Callback: fmt.Sprintf("https://reader.example.net/cb?id=%d", i),
			Asked: "https://news.example.org/feed", Secret: "s€cret", Expires: monday.Add(240 * time.Hour),
			Delivered: "abc", Tries: i, Next: monday.Add(time.Duration(i) * 1500 * time.Millisecond),
		})
	}
	want[0].Next = time.Time{}
	if err := b.SaveSubscriptions(t.Context(), want, nil); err != nil {
		t.Fatal(err)
	}
	same := func(when string, want []hub.Subscription) {
		t.Helper()
		got, err := b.Subscriptions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	b.reopen()
	same("after a restart", want)

	next := want[1]
	next.Secret, next.Delivered, next.Tries = "", "def", 0
	drop := []hub.Key{want[0].Key(), {Topic: want[2].Topic, Callback: "https://nobody.example.net/"}}
	if err := b.SaveSubscriptions(t.Context(), []hub.Subscription{want[1], next}, drop); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	same("after a change and an end", []hub.Subscription{next, want[2]})
}

func TestReaderBesideTheWriterDropsNoSubscription(t *testing.T) {
	b := begin(t)
	x := hub.Subscription{Topic: "t", Callback: "c", Expires: monday}
	if err := b.SaveSubscriptions(t.Context(), []hub.Subscription{x}, nil); err != nil {
		t.Fatal(err)
	}
	if err := b.Store.Close(); err != nil {
		t.Fatal(err)
	}
	b.opt.ReadOnly = true
	b.open()
	if err := b.SaveSubscriptions(t.Context(), nil, []hub.Key{x.Key()}); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("beside a writer a subscription was dropped: %v", err)
	}
	if got, err := b.Subscriptions(t.Context()); err != nil || len(got) != 1 {
		t.Errorf("%v, %v", got, err)
	}
}
