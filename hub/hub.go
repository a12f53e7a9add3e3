// Package hub is the outlet by WebSub (W3C Recommendation, 23 January 2018): it
// takes subscriptions to the site's own feeds, makes sure that they are meant,
// and posts each new state of a feed to those who subscribed, until their
// leases end. It carries no topic but the site's own, fetches nothing by HTTP to
// know them, and never answers who reads what.
//
// The data's path: a request at /hub → a question to the callback → Store; an
// edition → Wake → Topics.Topic of each topic that has subscribers → those who
// have another state than the present one → POST → Store.
//
// There is no list of deliveries: what is owed to a subscriber follows from the
// state that it has (Subscription.Delivered) and the topic's state now. So a
// process that is killed between an edition and its deliveries owes the same
// when it starts again, a newer state takes the place of one not yet delivered,
// and nothing can be delivered that is not public at that very moment.
package hub

import (
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Options are what a Hub works with.
type Options struct {
	Store  Store
	Topics Topics
	Agent  string // User-Agent of its requests; "" means feedwright
	Log    *slog.Logger
	Now    func() time.Time // nil: time.Now

	// Allow are networks that a callback may lie in though they are not public.
	// It is for tests, where every subscriber is on this machine.
	Allow []netip.Prefix

	limits limits            // zero: the usual ones
	out    http.RoundTripper // nil: a guarded one
}

// limits bound what strangers can make the hub do and keep.
type limits struct {
	all     int // subscriptions
	host    int // of them, of callbacks on one host
	filters int // topics with subscribers that are none of the site's own feeds
	pending int // subscriptions waiting to be confirmed
	asking  int // of them, of callbacks on one host
	doubts  int // questions a minute that a host did not answer as a subscriber
}

var usual = limits{all: 20_000, host: 2_000, filters: 200, pending: 1_000, asking: 200, doubts: 60}

// How many requests are under way at once, and how many of them to one host.
const (
	verifiers, deliverers = 8, 16
	perHost               = 2
)

// Hub takes subscriptions, as an http.Handler, and serves them, in Run. It is
// safe for concurrent use.
type Hub struct {
	o      Options
	client *http.Client
	wake   chan struct{} // another edition is served
	nudge  chan struct{} // what is to be done next has changed

	asking, posting *lanes
	work            sync.WaitGroup

	disk sync.Mutex // held while writing what mu guarded a moment ago; taken before mu

	mu      sync.Mutex
	ready   bool // what the store holds has been read
	subs    map[Key]*subscriber
	topics  map[string]*topic
	hosts   map[string]int // subscriptions by callback's host
	pending map[Key]*intent
	waiting map[string]int           // intents by callback's host
	doubts  map[string]int           // questions not confirmed in this minute, by callback's host
	minute  time.Time                // when it ends
	dirty   map[*subscriber]struct{} // not yet written down, and
	since   time.Time                // for how long
	armed   time.Time                // when Run is awake at the latest
	unseen  time.Time                // when to look again at topics that could not be seen; zero: all were
	count   counters
}

type counters struct{ subscribed, unsubscribed, unconfirmed, delivered, failed, ended uint64 }

// topic is a feed that somebody subscribed to.
type topic struct {
	self  string
	name  string // for logs
	site  bool
	state string // when it was last looked at; "" if it is not there
	subs  map[*subscriber]struct{}
}

// subscriber is a subscription while the hub runs; Hub.mu guards it.
type subscriber struct {
	Subscription
	host   string
	topic  *topic
	queued bool // a delivery waits or is under way
	gone   bool // ended; what is under way must not bring it back
}

// New makes a Hub; Run makes it live.
func New(o Options) *Hub {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Agent == "" {
		o.Agent = "feedwright"
	}
	if o.limits == (limits{}) {
		o.limits = usual
	}
	h := &Hub{
		o: o, wake: make(chan struct{}, 1), nudge: make(chan struct{}, 1),
		subs: map[Key]*subscriber{}, topics: map[string]*topic{}, hosts: map[string]int{},
		pending: map[Key]*intent{}, waiting: map[string]int{}, doubts: map[string]int{}, dirty: map[*subscriber]struct{}{},
	}
	h.asking = newLanes(verifiers, perHost, &h.work)
	h.posting = newLanes(deliverers, perHost, &h.work)
	if o.out == nil {
		o.out = guarded(o.Allow, nil)
	}
	h.client = &http.Client{
		Transport: o.out,
		// WebSub §5.3.1, §7: what is neither 2xx nor 410 failed, redirects too.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return h
}

// put keeps a subscription in memory, in place of one of the same key; h.mu is
// held.
func (h *Hub) put(s Subscription, is Topic) *subscriber {
	t := h.topics[s.Topic]
	if t == nil {
		t = &topic{self: s.Topic, subs: map[*subscriber]struct{}{}}
		h.topics[s.Topic] = t
	}
	t.name, t.site = is.Name, is.Site
	if is.State != "" {
		t.state = is.State
	}
	x := h.subs[s.Key()]
	if x == nil {
		x = &subscriber{host: hostOf(s.Callback), topic: t}
		h.subs[s.Key()] = x
		t.subs[x] = struct{}{}
		h.hosts[x.host]++
	}
	x.Subscription = s
	return x
}

// forget ends a subscription in memory; h.mu is held.
func (h *Hub) forget(x *subscriber) {
	if x.gone {
		return
	}
	x.gone = true
	delete(h.subs, x.Key())
	delete(h.dirty, x)
	delete(x.topic.subs, x)
	if len(x.topic.subs) == 0 {
		delete(h.topics, x.topic.self)
	}
	if h.hosts[x.host]--; h.hosts[x.host] == 0 {
		delete(h.hosts, x.host)
	}
}

// Stats are for the operator: subscriptions now, and what happened since the
// start by name.
func (h *Hub) Stats() (subscriptions int, counts map[string]uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := &h.count
	return len(h.subs), map[string]uint64{
		"hub_subscribed": c.subscribed, "hub_unsubscribed": c.unsubscribed, "hub_unconfirmed": c.unconfirmed,
		"hub_delivered": c.delivered, "hub_failed": c.failed, "hub_ended": c.ended,
	}
}

var _ http.Handler = (*Hub)(nil)
