package config

import "strings"

// The hubs that are no address.
const (
	HubNone    = "none"
	HubBuiltin = "builtin"
)

// WebSub is how readers are told of news without polling.
type WebSub struct {
	Hub string `mapstructure:"hub" as:"restart"` // HubNone, HubBuiltin, or the absolute URL of another's hub
}

// Builtin says that serve runs a hub of its own.
func (w *WebSub) Builtin() bool { return w.Hub == HubBuiltin }

// Foreign is the address of another's hub, "" if there is none.
func (w *WebSub) Foreign() string {
	if w.Hub == HubNone || w.Hub == HubBuiltin {
		return ""
	}
	return w.Hub
}

func (c *checker) websub() {
	w := &c.WebSub
	switch name := strings.ToLower(w.Hub); name {
	case HubNone, HubBuiltin:
		w.Hub = name
		return
	}
	u, f := webURL(w.Hub)
	switch {
	case f != nil:
		c.report("websub.hub", wrong("%s is no hub", quoted(w.Hub)).hint("write builtin, none, or the address of a hub, as https://hub.example.org/"))
	case u.Fragment != "" || u.User != nil:
		c.report("websub.hub", wrong("%s is no plain address", quoted(w.Hub)).hint("write it as https://hub.example.org/, without # or @"))
	default:
		w.Hub = u.String()
	}
}
