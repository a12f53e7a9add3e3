package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// warmDocuments is how many documents are asked for before memory is read.
const warmDocuments = 100

// memory measures what a feedwright holds that has been polled for documents of
// every sort and has come to rest: anonymous memory, as the system could take
// back the rest at any time.
func (b *bench) memory(ctx context.Context) error {
	s, err := b.woken(ctx)
	if err != nil {
		return err
	}
	defer s.stop()
	documents := b.documents()
	if err := s.fetchAll(ctx, documents); err != nil {
		return err
	}
	if err := s.idle(ctx); err != nil {
		return err
	}
	_, now := memoryOf(s.cmd.Process.Pid)
	_, peak := s.peaks()
	goal := int64(200e6)
	if b.corpus.Articles > 100_000 {
		goal = 700e6
	}
	b.rows = append(b.rows, row{
		What: fmt.Sprintf("memory: anonymous, %d documents warm, words indexed, at rest", len(documents)),
		Goal: "≤ " + weight(goal),
		Ours: fmt.Sprintf("%s (at most %s since the restart)", weight(now), weight(peak)),
		Peer: "–", Ratio: "–", Reached: reached(now <= goal),
		Figures: map[string]float64{"memory.anonymous.bytes": float64(now), "memory.peak.bytes": float64(peak)},
	})
	return s.stop()
}

// documents are addresses of every sort: feeds of everything and of categories,
// of two categories at once, and of words.
func (b *bench) documents() []string {
	var list []string
	for _, f := range formats {
		list = append(list, b.feedSet(f)[:2]...)
	}
	list = append(list, b.feedSet("rss.xml")[2:]...)
	list = append(list, b.feedSet("atom.xml")[2:]...)
	const words = 7
	list = list[:min(len(list), warmDocuments-2*words)]
	names := b.corpus.categories
	for i := 0; len(list) < warmDocuments-words; i++ {
		one, two := names[i%len(names)], names[(i/len(names)+i+1)%len(names)]
		list = append(list, "/rss.xml?category="+strings.ToLower(one)+","+strings.ToLower(two))
	}
	for i := range words {
		list = append(list, "/rss.xml?"+url.Values{"q": {`"` + b.corpus.language.words[20+200*i] + `"`}}.Encode())
	}
	return list
}
