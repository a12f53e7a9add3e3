package hub

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"time"

	"feedwright/article"
)

// Bounds of a request.
const (
	maxRequest  = 16 << 10
	maxCallback = 2048
	maxTopic    = 4096
	maxSecret   = 200 // WebSub §5.1: less than 200 bytes
)

// Leases: ten days unless the subscriber asks for another time (WebSub §8.2). Less
// than a day is none: some renew within the last day only.
const (
	usualLease    = 10 * 24 * time.Hour
	shortestLease = 24 * time.Hour
	longestLease  = 15 * 24 * time.Hour
)

// intent is a request that its callback has yet to confirm.
type intent struct {
	Subscription        // what it is to be
	lease               time.Duration
	host, name          string
	site, unsubscribing bool
}

// refusal is an answer to a request that is not taken: a sentence for whoever
// wrote the subscriber.
type refusal struct {
	code  int
	text  string
	again time.Duration // Retry-After
}

// ServeHTTP takes requests to subscribe and unsubscribe (WebSub §5.1). They are
// answered 202 at once, and confirmed afterwards.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x, no := h.read(w, r)
	if no == nil && x != nil {
		no = h.take(x)
	}
	head := w.Header()
	head.Set("Cache-Control", "no-store")
	switch {
	case no == nil && x == nil:
		w.WriteHeader(http.StatusNoContent)
		return
	case no == nil:
		no = &refusal{code: http.StatusAccepted, text: "Your callback is going to be asked whether it means this."}
	case no.code == http.StatusMethodNotAllowed:
		head.Set("Allow", http.MethodPost)
	}
	if no.again > 0 {
		head.Set("Retry-After", strconv.Itoa(int(no.again.Seconds())))
	}
	head.Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(no.code)
	fmt.Fprintln(w, no.text)
}

func bad(format string, args ...any) *refusal {
	return &refusal{code: http.StatusBadRequest, text: fmt.Sprintf(format, args...) + "."}
}

// read understands a request. It is nil, and nothing is refused, for one that
// asks for nothing: hub.mode=publish, as the hub knows its topics' changes.
// Parameters that it does not know, hub.verify and hub.verify_token of WebSub's
// forerunner among them, mean nothing (§5.1).
func (h *Hub) read(w http.ResponseWriter, r *http.Request) (*intent, *refusal) {
	if r.Method != http.MethodPost {
		return nil, &refusal{code: http.StatusMethodNotAllowed, text: "This is the WebSub hub of this site's feeds. It takes POST requests, which feed readers send; see https://www.w3.org/TR/websub/."}
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, &refusal{code: http.StatusUnsupportedMediaType, text: "Send application/x-www-form-urlencoded, as WebSub §5.1 says."}
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, &refusal{code: http.StatusRequestEntityTooLarge, text: fmt.Sprintf("A request has %d bytes at most.", maxRequest)}
		}
		return nil, bad("The form cannot be read")
	}
	form := r.PostForm
	x := &intent{}
	switch mode := form.Get("hub.mode"); mode {
	case "subscribe":
	case "unsubscribe":
		x.unsubscribing = true
	case "publish":
		return nil, nil
	case "":
		return nil, bad("hub.mode is missing: it is subscribe or unsubscribe")
	default:
		return nil, bad("hub.mode is neither subscribe nor unsubscribe")
	}
	if _, err := h.callback(form.Get("hub.callback")); err != nil {
		return nil, bad("%s", err)
	}
	x.Callback, x.Asked, x.Secret = form.Get("hub.callback"), form.Get("hub.topic"), form.Get("hub.secret")
	x.host = hostOf(x.Callback)
	switch {
	case x.Asked == "":
		return nil, bad("hub.topic is missing")
	case len(x.Asked) > maxTopic:
		return nil, bad("hub.topic is longer than %d bytes", maxTopic)
	case len(x.Secret) >= maxSecret:
		return nil, bad("hub.secret has %d bytes, and must have less than %d", len(x.Secret), maxSecret)
	}
	x.lease = leaseOf(form.Get("hub.lease_seconds"))
	return x, h.find(r, x)
}

// leaseOf is the lease that a subscriber gets: what it asks for, within bounds.
func leaseOf(seconds string) time.Duration {
	n, err := strconv.ParseInt(seconds, 10, 32)
	if err != nil || n <= 0 {
		return usualLease
	}
	return min(max(time.Duration(n)*time.Second, shortestLease), longestLease)
}

// find looks the topic up. Whoever unsubscribes may do so from a feed that is no
// longer there.
func (h *Hub) find(r *http.Request, x *intent) *refusal {
	t, err := h.o.Topics.Topic(r.Context(), x.Asked)
	var filter *article.FilterError
	switch {
	case err == nil:
		x.Topic, x.name, x.site, x.Delivered = t.Self, t.Name, t.Site, t.State
		return nil
	case x.unsubscribing && h.knows(x):
		return nil
	case errors.As(err, &filter):
		return bad("The filter of hub.topic cannot be read: %s", filter)
	case errors.Is(err, ErrForeign):
		return &refusal{code: http.StatusForbidden, text: "hub.topic is no feed of this site, and this hub carries no other's."}
	case errors.Is(err, ErrRevoked):
		return &refusal{code: http.StatusForbidden, text: "hub.topic is a private feed that this address does not open."}
	case errors.Is(err, article.ErrGone):
		return &refusal{code: http.StatusGone, text: "hub.topic was withdrawn."}
	case errors.Is(err, article.ErrNotFound):
		return &refusal{code: http.StatusNotFound, text: "There is no feed at hub.topic."}
	}
	return &refusal{code: http.StatusServiceUnavailable, text: "The feeds are being prepared. Please come back in a few seconds.", again: 10 * time.Second}
}

// knows finds the subscription that is meant by the spelling it was made with.
func (h *Hub) knows(x *intent) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for key, s := range h.subs {
		if key.Callback == x.Callback && (key.Topic == x.Asked || s.Asked == x.Asked) {
			x.Topic, x.name, x.site = key.Topic, s.topic.name, s.topic.site
			return true
		}
	}
	return false
}

// take queues the question to the callback. The newest request for a key takes
// the place of one that waits.
func (h *Hub) take(x *intent) *refusal {
	h.mu.Lock()
	defer h.mu.Unlock()
	if no := h.room(x); no != nil {
		return no
	}
	if _, waits := h.pending[x.Key()]; waits {
		h.pending[x.Key()] = x
		return nil
	}
	if len(h.pending) >= h.o.limits.pending || h.waiting[x.host] >= h.o.limits.asking {
		return &refusal{code: http.StatusServiceUnavailable, text: "Too many subscriptions wait to be confirmed. Please come back in a minute.", again: time.Minute}
	}
	if h.subs[x.Key()] == nil && h.thisMinute()[x.host] >= h.o.limits.doubts {
		// Or anybody could have us ask a stranger's server without end.
		return &refusal{code: http.StatusTooManyRequests, text: "The callback's host confirms nothing of what is asked in its name. Please come back in a minute.", again: time.Minute}
	}
	h.pending[x.Key()] = x
	h.waiting[x.host]++
	key := x.Key()
	h.asking.add(x.host, func(ctx context.Context) { h.ask(ctx, key) })
	return nil
}

// room says whether one more subscription can be kept; h.mu is held.
func (h *Hub) room(x *intent) *refusal {
	if !h.ready {
		return &refusal{code: http.StatusServiceUnavailable, text: "The hub is starting or stopping. Please come back in a few seconds.", again: 10 * time.Second}
	}
	if x.unsubscribing || h.subs[x.Key()] != nil {
		return nil
	}
	l := &h.o.limits
	switch {
	case len(h.subs) >= l.all:
		return &refusal{code: http.StatusServiceUnavailable, text: "The hub has as many subscriptions as it keeps. Please poll the feed.", again: time.Hour}
	case h.hosts[x.host] >= l.host:
		return &refusal{code: http.StatusTooManyRequests, text: "The callback's host has as many subscriptions as one host may have. Please poll the feed.", again: time.Hour}
	}
	if x.site || h.topics[x.Topic] != nil {
		return nil
	}
	filters := 0
	for _, t := range h.topics {
		if !t.site {
			filters++
		}
	}
	if filters >= l.filters {
		return &refusal{code: http.StatusServiceUnavailable, text: "The hub pushes as many filters as it can. Please poll this one, or subscribe to a feed that the site lists.", again: time.Hour}
	}
	return nil
}
