package article

// Cut is where a page of an archive ends (RFC 5005 §4). An archive is parted
// into intervals of Entry.Appeared: a page begins after the cut before it and
// is closed by its own; what appeared after the last cut lies on the open page.
// So whatever comes or goes, no article moves to another page.
type Cut struct {
	Feed string // what it is the archive of: the address of the feed's page, and the filter of a named feed
	Last uint32 // the last appearance on the page
}
