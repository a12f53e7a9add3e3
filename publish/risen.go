package publish

import (
	"context"
	"strings"
	"sync"
	"time"

	"feedwright/article"
)

// risen are documents that were made for whoever asked, with a date that is not
// remembered yet. It must be before anything else changes: if the process were
// killed then, readers would see it fall.
type risen struct {
	mu   sync.Mutex
	docs map[*document]bool
}

// rose tells the writer of a document just made.
func (p *Publisher) rose(d *document) {
	if !d.unsaved || !d.lasting() {
		return
	}
	p.risen.mu.Lock()
	if p.risen.docs == nil {
		p.risen.docs = map[*document]bool{}
	}
	p.risen.docs[d] = true
	p.risen.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// saveRisen remembers them.
func (p *Publisher) saveRisen(ctx context.Context) error {
	p.risen.mu.Lock()
	docs := p.risen.docs
	p.risen.docs = nil
	p.risen.mu.Unlock()
	if len(docs) == 0 {
		return nil
	}
	states := make([]article.DocumentState, 0, len(docs))
	for d := range docs {
		states = append(states, d.remember())
	}
	err := p.o.Store.SaveDocuments(ctx, states)
	if err != nil { // they wait for the next time
		p.risen.mu.Lock()
		for d := range p.risen.docs {
			docs[d] = true
		}
		p.risen.docs = docs
		p.risen.mu.Unlock()
	}
	return err
}

// date gives the document its feed date: what its articles tell, or what was
// shown before if that is newer. One that they no longer tell must outlive the
// database too, unless nobody but its readers may know of the feed, or it is a
// filter that is remembered for 30 days only.
func (d *document) date(prior, told time.Time, private bool) (high time.Time) {
	high = told
	if prior.After(told) {
		high = prior
		d.outlived = !private && !strings.Contains(d.path, "?")
	}
	d.unsaved = high.After(prior) || d.outlived
	return high
}
