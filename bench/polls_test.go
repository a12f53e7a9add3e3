package main

import (
	"bufio"
	"slices"
	"strings"
	"testing"
)

func TestOneWrongAnswerSpoilsARate(t *testing.T) {
	const good = "Running 4s test @ http://127.0.0.1:1/rss.xml\n  1 threads and 64 connections\n  482110 requests in 4.00s, 120.00MB read\nRequests/sec: 120527.31\nTransfer/sec:     30.00MB\n"
	if rate, err := wrkRate(good); err != nil || rate != 120527.31 {
		t.Errorf("the rate is %v (%v)", rate, err)
	}
	for _, fault := range []string{"  Non-2xx or 3xx responses: 3\n", "  Socket errors: connect 0, read 1, write 0, timeout 0\n"} {
		if _, err := wrkRate(strings.Replace(good, "Requests/sec", fault+"Requests/sec", 1)); err == nil {
			t.Errorf("a rate was read although wrk said %q", fault)
		}
	}
	if _, err := wrkRate("wrk: unable to connect"); err == nil {
		t.Error("a rate was read where there is none")
	}
}

func TestReadersReadAHeadToItsEnd(t *testing.T) {
	in := bufio.NewReader(strings.NewReader("HTTP/1.1 200 OK\r\ncontent-length: 5\r\nEtag: \"x\"\r\n\r\nhelloHTTP/1.1 304 Not Modified\r\nEtag: \"x\"\r\n\r\n"))
	code, n, err := readHead(in)
	if err != nil || code != 200 || n != 5 {
		t.Fatalf("the first head is %d with %d bytes (%v)", code, n, err)
	}
	if _, err := in.Discard(n); err != nil {
		t.Fatal(err)
	}
	if code, _, err = readHead(in); err != nil || code != 304 {
		t.Errorf("the second head is %d (%v)", code, err)
	}
}

func TestOnlyKnownRowsAreMeasured(t *testing.T) {
	list, err := chosen("warm,cold")
	if err != nil || len(list) != 2 || list[0].name != "cold" {
		t.Errorf("warm,cold chose %v (%v)", list, err)
	}
	if _, err := chosen("cold,tepid"); err == nil || !strings.Contains(err.Error(), "tepid") {
		t.Errorf("an unknown row is refused with %v", err)
	}
	if list, _ := chosen(""); !slices.EqualFunc(list, parts, func(a, b part) bool { return a.name == b.name }) {
		t.Error("an empty choice is not all rows")
	}
}
