package hub

import (
	"context"
	"errors"
	"time"
)

// Topics are the feeds that can be subscribed to.
type Topics interface {
	// Topic finds a feed by any spelling of its address. Its error wraps
	// ErrForeign for an address that is not the site's, ErrRevoked for a private
	// feed that this address does not open, or no longer, article.ErrNotFound or
	// article.ErrGone for a feed that is not there, or is an
	// *article.FilterError; any other asks to come back.
	Topic(ctx context.Context, address string) (Topic, error)
}

// Errors of Topics.
var (
	ErrForeign = errors.New("it is no feed of this site")
	ErrRevoked = errors.New("the feed is private, and this address does not open it")
)

// Topic is a feed at one moment.
type Topic struct {
	Self  string // its one address, as rel=self has it
	Hub   string // where subscribers reach this hub
	Name  string // for logs: the address without anything secret
	Site  bool   // one of the site's own feeds, not a filter that somebody made up
	State string // differs whenever the bytes do
	Type  string // Content-Type of a GET
	// Body gives the bytes that a GET without a coding would give.
	Body func(ctx context.Context) ([]byte, error)
}

// Subscription is somebody's wish to be sent a topic (WebSub §5).
type Subscription struct {
	Topic    string // Topic.Self
	Callback string // as it was given: WebSub §8.3 wants it exactly so
	Asked    string // the topic as the subscriber spells it
	Secret   string // "" for none
	Expires  time.Time

	Delivered string    // the topic's state that the subscriber has
	Tries     int       // deliveries that failed since the last that did not
	Next      time.Time // before which none is tried again; zero: at once
}

// Key is what there is one subscription of at most (WebSub §5.1).
type Key struct{ Topic, Callback string }

// Key names the subscription.
func (s *Subscription) Key() Key { return Key{s.Topic, s.Callback} }

// Store is what keeps subscriptions over restarts.
type Store interface {
	// Subscriptions lists all that are kept.
	Subscriptions(ctx context.Context) ([]Subscription, error)
	// SaveSubscriptions writes some, each in place of the one of its Key, and
	// drops others, in one transaction.
	SaveSubscriptions(ctx context.Context, put []Subscription, drop []Key) error
}
