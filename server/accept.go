package server

import (
	"fmt"
	"net/http"
)

// AcceptRemovalsPath is where the admin listener takes a POST that lets a
// withheld mass removal go through.
const AcceptRemovalsPath = "/accept-removals"

// acceptRemovals answers 202 with the number of articles concerned, or 409 if
// nothing is being withheld. A page of another site, open in the operator's
// browser, cannot ask for it.
func (s *Server) acceptRemovals(x *exchange, r *http.Request) {
	if r.Method != http.MethodPost {
		x.Header().Set("Allow", http.MethodPost)
		http.Error(x, "Only POST is understood here: feedwright accept-removals sends it.", http.StatusMethodNotAllowed)
		return
	}
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		http.Error(x, "This comes from a page of another site.", http.StatusForbidden)
		return
	}
	n := s.o.AcceptRemovals()
	if n == 0 {
		http.Error(x, "No removal is being withheld.", http.StatusConflict)
		return
	}
	x.Header().Set("Content-Type", "text/plain; charset=utf-8")
	x.WriteHeader(http.StatusAccepted)
	fmt.Fprintf(x, "%d\n", n)
}
