package hub

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"feedwright/article"
)

// maxDelivery is the largest feed that is pushed: a common reader answers 200 to
// more and keeps nothing of it. Subscribers to a larger one are told that there
// is no subscription, so that they poll.
const maxDelivery = 3 << 20

// How long a subscriber is left alone after a delivery that failed: twice as
// long after each, and no longer than the last of these.
const (
	firstPause = 30 * time.Second
	lastPause  = time.Hour
)

func pauseAfter(tries int) time.Duration {
	p := firstPause
	for range min(tries-1, 16) {
		p = min(2*p, lastPause)
	}
	return p
}

// look finds out what its topics are like now, and so what is owed to whom.
func (h *Hub) look(ctx context.Context) {
	h.mu.Lock()
	h.unseen = time.Time{}
	topics := slices.Collect(maps.Keys(h.topics))
	h.mu.Unlock()
	for _, self := range topics {
		if ctx.Err() != nil {
			return
		}
		is, err := h.o.Topics.Topic(ctx, self)
		h.seen(ctx, self, is, err)
	}
}

// seen takes in what a topic is like now, and queues what is owed.
func (h *Hub) seen(ctx context.Context, self string, is Topic, err error) {
	h.mu.Lock()
	t := h.topics[self]
	if t == nil {
		h.mu.Unlock()
		return
	}
	var revoked []*subscriber
	switch {
	case err == nil:
		t.name, t.site, t.state = is.Name, is.Site, is.State
		now := h.o.Now()
		for s := range t.subs {
			h.queue(s, now)
		}
	case errors.Is(err, ErrRevoked):
		revoked = slices.Collect(maps.Keys(t.subs))
	case errors.Is(err, ErrForeign), errors.Is(err, article.ErrNotFound), errors.Is(err, article.ErrGone):
		t.state = "" // it may come back, as a category whose last article went
	default:
		t.state, h.unseen = "", h.o.Now().Add(again)
		h.by(h.unseen)
	}
	h.mu.Unlock()
	h.end(ctx, revoked, "its address opens no feed any more", "This address opens no feed any more.")
}

// queue has a subscriber sent what it is owed, if it is owed anything now; h.mu
// is held.
func (h *Hub) queue(s *subscriber, now time.Time) {
	if s.gone || s.queued || !owed(s) || now.Before(s.Next) {
		return
	}
	s.queued = true
	h.posting.add(s.host, func(ctx context.Context) { h.deliver(ctx, s) })
}

func owed(s *subscriber) bool { return s.topic.state != "" && s.Delivered != s.topic.state }

// deliver sends a subscriber the topic as it is at this moment.
func (h *Hub) deliver(ctx context.Context, s *subscriber) {
	h.mu.Lock()
	sub := s.Subscription
	if s.gone || !h.o.Now().Before(sub.Expires) {
		s.queued = false
		h.mu.Unlock()
		return
	}
	h.mu.Unlock()
	t, err := h.o.Topics.Topic(ctx, sub.Topic)
	var body []byte
	if err == nil {
		body, err = t.Body(ctx)
	}
	code := 0
	switch {
	case errors.Is(err, ErrRevoked), errors.Is(err, ErrForeign), errors.Is(err, article.ErrNotFound), errors.Is(err, article.ErrGone):
		h.mu.Lock()
		s.queued = false
		h.mu.Unlock()
		h.Wake() // look settles what becomes of it
		return
	case err != nil: // not the subscriber's fault, but later is better all the same
	case len(body) > maxDelivery:
		h.tooLarge(ctx, sub.Topic, t.Name, len(body))
		return
	default:
		code, err = h.post(ctx, &sub, t, body)
	}
	h.settle(ctx, s, t.State, code, err)
}

// tooLarge ends all subscriptions of a feed that has become too large.
func (h *Hub) tooLarge(ctx context.Context, self, name string, size int) {
	h.mu.Lock()
	var all []*subscriber
	if of := h.topics[self]; of != nil {
		all = slices.Collect(maps.Keys(of.subs))
	}
	h.mu.Unlock()
	if len(all) > 0 {
		h.o.Log.Warn("a feed is too large to be pushed, and its subscribers are told to poll: give it a smaller max_bytes", "feed", name, "bytes", size, "most", maxDelivery)
	}
	h.end(ctx, all, "the feed is too large to be pushed", "This feed is too large to be pushed. Please poll it.")
}

// post sends the bytes of a topic (WebSub §7), signed if there is a secret
// (§7.1), and gives the status that was answered.
func (h *Hub) post(ctx context.Context, s *Subscription, t Topic, body []byte) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, deliverPatience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Callback, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("User-Agent", h.o.Agent)
	r.Header.Set("Content-Type", t.Type)
	// One header, the hub first: some read no more than the first link of one.
	r.Header.Set("Link", "<"+t.Hub+`>; rel="hub", <`+t.Self+`>; rel="self"`)
	if s.Secret != "" {
		mac := hmac.New(sha256.New, []byte(s.Secret))
		mac.Write(body)
		r.Header.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	}
	resp, err := h.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	// Read a little, so that the connection can be used again; it means nothing
	// (§7), and its end need not come.
	_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer)
	return resp.StatusCode, nil
}

// settle notes what came of a delivery: 2xx is success, 410 ends the
// subscription, and anything else is tried again until the lease ends (§7).
func (h *Hub) settle(ctx context.Context, s *subscriber, state string, code int, err error) {
	if code == http.StatusGone {
		h.end(ctx, []*subscriber{s}, "its callback is gone", "")
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	s.queued = false
	if s.gone || ctx.Err() != nil && code == 0 {
		return
	}
	now := h.o.Now()
	h.touch(s)
	if code >= 200 && code <= 299 {
		h.count.delivered++
		s.Delivered, s.Tries, s.Next = state, 0, time.Time{}
		h.queue(s, now)
		return
	}
	h.count.failed++
	s.Tries++
	s.Next = now.Add(pauseAfter(s.Tries))
	h.by(s.Next)
	if err == nil {
		err = fmt.Errorf("it answers %d", code)
	}
	log := h.o.Log.Debug
	if s.Tries == 1 {
		log = h.o.Log.Warn
	}
	log("a delivery failed; it is tried again", "feed", s.topic.name, "host", s.host, "tries", s.Tries, "next", s.Next.UTC(), "err", plain(err))
}
