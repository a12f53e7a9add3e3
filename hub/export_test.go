package hub

import (
	"net"
	"net/http"
	"net/netip"
)

// Through has a hub send its requests by another way than the network.
func (o *Options) Through(out http.RoundTripper) { o.out = out }

// Through has a pinger send its requests by another way than the network.
func (o *PingOptions) Through(out http.RoundTripper) { o.out = out }

// Resolving has a hub resolve names with another resolver.
func (o *Options) Resolving(r *net.Resolver) { o.out = guarded(o.Allow, r) }

// Limit has other limits than the usual ones: subscriptions in all, of one host,
// topics that are filters, and requests that wait in all and of one host.
func (o *Options) Limit(all, host, filters, pending, asking int) {
	o.limits = limits{all, host, filters, pending, asking, usual.doubts}
}

// Peaks are the most questions and deliveries that were ever under way at once.
func (h *Hub) Peaks() (asking, posting int) {
	for l, n := range map[*lanes]*int{h.asking: &asking, h.posting: &posting} {
		l.mu.Lock()
		*n = l.peak
		l.mu.Unlock()
	}
	return asking, posting
}

// Public says whether an address is one of the public internet.
func Public(a netip.Addr) bool { return public(a) }

// Deliverers is how many deliveries may be under way at once.
const Deliverers = deliverers

// MaxDelivery is the most bytes of a feed that is pushed.
const MaxDelivery = maxDelivery

// Ready says that the hub has read what the store holds.
func (h *Hub) Ready() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ready
}
