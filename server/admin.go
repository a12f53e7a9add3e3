package server

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"net/http/pprof"
	"sync"
)

//go:embed status.html
var statusText string

//go:embed status.css
var statusStyle []byte

var statusPage = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("status").Parse(statusText))
})

// admin is the whole surface of the operator's listener.
func (s *Server) admin() func(*exchange, *http.Request) {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.metrics.handler())
	if s.o.Pprof {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	return func(x *exchange, r *http.Request) {
		x.kind = kindAdmin
		h := x.Header()
		h["X-Content-Type-Options"] = noSniff
		h["Cache-Control"] = noStore
		if r.URL.Path == AcceptRemovalsPath && s.o.AcceptRemovals != nil {
			s.acceptRemovals(x, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			http.Error(x, "Only GET and HEAD are understood here.", http.StatusMethodNotAllowed)
			return
		}
		switch r.URL.Path {
		case "/":
			redirect(x, http.StatusFound, "/status")
		case "/status":
			s.status(x, r)
		case "/status.css":
			h.Set("Content-Type", "text/css; charset=utf-8")
			s.send(x, r, statusStyle)
		case "/healthz":
			s.healthz(x, r)
		case "/readyz":
			s.readyz(x, r)
		default:
			mux.ServeHTTP(x, r)
		}
	}
}

// healthz says whether the process lives and means to go on.
func (s *Server) healthz(x *exchange, r *http.Request) {
	s.health(x, r, nil)
}

// readyz says whether feeds can be answered, and what is being waited for.
func (s *Server) readyz(x *exchange, r *http.Request) {
	s.health(x, r, s.lib.Ready())
}

func (s *Server) health(x *exchange, r *http.Request, err error) {
	code, text := http.StatusOK, "ok\n"
	switch {
	case s.draining.Load():
		code, text = http.StatusServiceUnavailable, "draining\n"
	case err != nil:
		code, text = http.StatusServiceUnavailable, err.Error()+"\n"
	}
	h := x.Header()
	h["Cache-Control"] = noStore
	h.Set("Content-Type", "text/plain; charset=utf-8")
	x.WriteHeader(code)
	if r.Method != http.MethodHead {
		x.Write([]byte(text))
	}
}

// status is a page for a browser and JSON for everyone else.
func (s *Server) status(x *exchange, r *http.Request) {
	h := x.Header()
	h.Set("Vary", "Accept")
	st := s.lib.Status()
	var b bytes.Buffer
	if prefersHTML(r.Header["Accept"]) {
		h.Set("Content-Type", "text/html; charset=utf-8")
		h["Content-Security-Policy"] = policy
		if err := statusPage().Execute(&b, st); err != nil {
			s.log.Error("render status page", "err", err)
			http.Error(x, "The status page could not be made; ask for JSON instead.", http.StatusInternalServerError)
			return
		}
	} else {
		h.Set("Content-Type", "application/json; charset=utf-8")
		e := json.NewEncoder(&b)
		e.SetIndent("", "  ")
		if err := e.Encode(st); err != nil {
			s.log.Error("encode status", "err", err)
			http.Error(x, "The status could not be encoded.", http.StatusInternalServerError)
			return
		}
	}
	s.send(x, r, b.Bytes())
}
