package article

// Episode is what an episode of a podcast says beside what every article does.
// The zero value of a field means that the file is silent.
type Episode struct {
	Season      int         `json:"season,omitempty"`   // from 1
	Number      int         `json:"number,omitempty"`   // from 1
	Type        string      `json:"type,omitempty"`     // full, trailer or bonus
	Explicit    string      `json:"explicit,omitempty"` // "true" or "false"
	Persons     []Person    `json:"persons,omitempty"`
	Transcripts []Document  `json:"transcripts,omitempty"`
	Chapters    *Document   `json:"chapters,omitempty"` // application/json+chapters
	Soundbites  []Soundbite `json:"soundbites,omitempty"`
}

// Person takes part in an episode, or in every one of a podcast. Role is one of
// the Podcast Taxonomy's, in lower case; empty means host.
type Person struct {
	Name  string `json:"name"`
	Role  string `json:"role,omitempty"`
	Image string `json:"image,omitempty"` // https URL
	URL   string `json:"url,omitempty"`
}

// Document is a text that comes with an episode. Path names a file of the
// folder and wins over URL.
type Document struct {
	Path string `json:"path,omitempty"`
	URL  string `json:"url,omitempty"`
	Type string `json:"type"`           // media type
	Lang string `json:"lang,omitempty"` // BCP 47
}

// Soundbite is a part of an episode that can be heard by itself, in seconds.
type Soundbite struct {
	Start    float64 `json:"start"`
	Duration float64 `json:"duration"`
	Title    string  `json:"title,omitempty"`
}
