package hub

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxAnswer is as much as is read of what a subscriber answers: more than any
// challenge.
const maxAnswer = 4 << 10

// ask makes sure that the callback means what was asked for in its name (WebSub
// §5.3), and does it. A failed question leaves everything as it was.
func (h *Hub) ask(ctx context.Context, key Key) {
	h.mu.Lock()
	x := h.pending[key]
	delete(h.pending, key)
	if h.waiting[x.host]--; h.waiting[x.host] == 0 {
		delete(h.waiting, x.host)
	}
	h.mu.Unlock()
	err := h.confirmed(ctx, x)
	if err == nil {
		if x.unsubscribing {
			err = h.unsubscribe(ctx, x)
		} else {
			err = h.subscribe(ctx, x)
		}
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	h.mu.Lock()
	h.count.unconfirmed++
	h.thisMinute()[x.host]++
	h.mu.Unlock()
	h.o.Log.Debug("a subscription was not confirmed", "host", x.host, "feed", x.name, "err", plain(err))
}

// thisMinute counts by host what was not confirmed in this minute; h.mu is held.
func (h *Hub) thisMinute() map[string]int {
	if now := h.o.Now(); !now.Before(h.minute) {
		clear(h.doubts)
		h.minute = now.Add(time.Minute)
	}
	return h.doubts
}

// confirmed asks the callback (§5.3) and wants its challenge back, and nothing
// else (§5.3.1). Each challenge is random and good for one question (§8.2).
func (h *Hub) confirmed(ctx context.Context, x *intent) error {
	challenge := rand.Text()
	q := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {x.Asked}, "hub.challenge": {challenge}}
	if x.unsubscribing {
		q.Set("hub.mode", "unsubscribe")
	} else {
		q.Set("hub.lease_seconds", strconv.Itoa(int(x.lease.Seconds())))
	}
	code, body, err := h.question(ctx, x.Callback, q)
	switch {
	case err != nil:
		return err
	case code < 200 || code > 299:
		return fmt.Errorf("it answers %d", code)
	case body != challenge:
		return errors.New("it does not answer with the challenge")
	}
	return nil
}

// question sends a GET to a callback, whose own query stays as it is (§5.1.1).
func (h *Hub) question(ctx context.Context, callback string, q url.Values) (code int, body string, err error) {
	ctx, cancel := context.WithTimeout(ctx, verifyPatience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, extended(callback, q), nil)
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("User-Agent", h.o.Agent)
	resp, err := h.client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return resp.StatusCode, string(b), err
}

// extended appends parameters to an address without touching those it has.
func extended(callback string, q url.Values) string {
	switch {
	case !strings.Contains(callback, "?"):
		return callback + "?" + q.Encode()
	case strings.HasSuffix(callback, "?"), strings.HasSuffix(callback, "&"):
		return callback + q.Encode()
	}
	return callback + "&" + q.Encode()
}

// subscribe keeps a confirmed subscription, from now to the end of its lease. Of
// one that is renewed, what it has been sent stays known.
func (h *Hub) subscribe(ctx context.Context, x *intent) error {
	s := x.Subscription
	s.Expires = h.o.Now().Add(x.lease).Truncate(time.Second)
	if err := h.keep(ctx, x, &s); err != nil {
		return err
	}
	h.o.Log.Info("subscribed", "feed", x.name, "host", x.host, "until", s.Expires.UTC())
	// What changed since the request is owed.
	is, err := h.o.Topics.Topic(ctx, s.Topic)
	h.seen(ctx, s.Topic, is, err)
	h.mu.Lock()
	h.by(s.Expires)
	h.mu.Unlock()
	return nil
}

func (h *Hub) keep(ctx context.Context, x *intent, s *Subscription) error {
	h.disk.Lock()
	defer h.disk.Unlock()
	h.mu.Lock()
	no := h.room(x) // others may have taken it meanwhile
	if old := h.subs[s.Key()]; old != nil {
		s.Delivered = old.Delivered
	}
	h.mu.Unlock()
	if no != nil {
		return errors.New(no.text)
	}
	if err := h.o.Store.SaveSubscriptions(ctx, []Subscription{*s}, nil); err != nil {
		return fmt.Errorf("keep the subscription: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if old := h.subs[s.Key()]; old != nil {
		s.Delivered = old.Delivered // and what was sent meanwhile
	}
	h.put(*s, Topic{Self: s.Topic, Name: x.name, Site: x.site})
	h.count.subscribed++
	return nil
}

func (h *Hub) unsubscribe(ctx context.Context, x *intent) error {
	h.disk.Lock()
	defer h.disk.Unlock()
	if err := h.o.Store.SaveSubscriptions(ctx, nil, []Key{x.Key()}); err != nil {
		return fmt.Errorf("end the subscription: %w", err)
	}
	h.mu.Lock()
	if sub := h.subs[x.Key()]; sub != nil {
		h.forget(sub)
	}
	h.count.unsubscribed++
	h.mu.Unlock()
	h.o.Log.Info("unsubscribed", "feed", x.name, "host", x.host)
	return nil
}

// end drops subscriptions that have come to their end by themselves; with a
// reason, their callbacks are told so (§5.2).
func (h *Hub) end(ctx context.Context, list []*subscriber, why, reason string) {
	h.disk.Lock()
	defer h.disk.Unlock()
	var keys []Key
	h.mu.Lock()
	for _, s := range list {
		if s.gone {
			continue
		}
		h.forget(s)
		h.count.ended++
		keys = append(keys, s.Key())
		h.o.Log.Info("a subscription ended", "feed", s.topic.name, "host", s.host, "why", why)
		if reason != "" {
			h.deny(s, reason)
		}
	}
	h.mu.Unlock()
	if len(keys) == 0 {
		return
	}
	if err := h.o.Store.SaveSubscriptions(ctx, nil, keys); err != nil && ctx.Err() == nil {
		// Kept, they come to the same end after the next start.
		h.o.Log.Error("ended subscriptions could not be dropped", "count", len(keys), "err", err)
	}
}

// deny tells a callback that there is no subscription any more; h.mu is held.
func (h *Hub) deny(s *subscriber, reason string) {
	q := url.Values{"hub.mode": {"denied"}, "hub.topic": {s.Asked}, "hub.reason": {reason}}
	h.asking.add(s.host, func(ctx context.Context) {
		if _, _, err := h.question(ctx, s.Callback, q); err != nil {
			h.o.Log.Debug("a subscriber could not be told that its subscription ended", "host", s.host, "err", plain(err))
		}
	})
}

// plain is an error without the address it happened at: a callback's may hold
// what only its subscriber is to know.
func plain(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
