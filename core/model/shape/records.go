package shape

import (
	"slices"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// References says which nodes use a shared record (Relational, Persistent).
// The lists are ascending.
type References struct {
	Strong []string `cbor:"1,keyasint,omitempty"` // they keep the record from being deleted
	Weak   []string `cbor:"2,keyasint,omitempty"` // they do not
}

// Sharing tells how a shared record is used.
type Sharing struct {
	ContentHash string    `cbor:"1,keyasint"` // sha256 of the content, hex: equal content is one record
	ShareCount  int       `cbor:"2,keyasint"` // how often it was taken so far
	LastAccess  time.Time `cbor:"3,keyasint"`
	Frequency   float64   `cbor:"4,keyasint"` // accesses a day, averaged with a half-life of a week
}

// Template is a named Config that many nodes may use (the original's
// BatchConfigTemplate; Relational, Persistent).
type Template struct {
	ID         string     `cbor:"1,keyasint"` // UUID version 7
	Name       string     `cbor:"2,keyasint"` // 1 … 255 characters, unique without regard to case
	Config     Config     `cbor:"3,keyasint"` // canonical
	References References `cbor:"4,keyasint"`
	Sharing    Sharing    `cbor:"5,keyasint"`
	Created    time.Time  `cbor:"6,keyasint"`
	Updated    time.Time  `cbor:"7,keyasint"`
	Version    uint64     `cbor:"8,keyasint"`
}

// Templates returns the table of templates, by id.
func Templates() *kv.Table[Template] {
	return &kv.Table[Template]{
		Name: "templates", Version: 1,
		Key: func(t *Template) kv.Key { return kv.Key(nil).Str(t.ID) },
		Indexes: []kv.Index[Template]{
			{Name: "name", Keys: kv.One(func(t *Template) kv.Key { return kv.Key(nil).Str(foldName(t.Name)) })},
			{Name: "hash", Keys: kv.One(func(t *Template) kv.Key { return kv.Key(nil).Str(t.Sharing.ContentHash) })},
			{Name: "node", Keys: func(t *Template) []kv.Key { return t.References.keys() }},
		},
	}
}

// Nodes returns all nodes that use the record.
func (r References) Nodes() []string { return slices.Concat(r.Strong, r.Weak) }

// keys are the index keys by which a shared record is found from its nodes.
func (r References) keys() []kv.Key {
	var out []kv.Key
	for _, n := range r.Nodes() {
		out = append(out, kv.Key(nil).Str(n))
	}
	return out
}

// SourceData is a file that was fetched or imported, shared by all nodes that
// use it (Relational, Persistent). The bytes are in the cache under their hash.
type SourceData struct {
	SHA256     string     `cbor:"1,keyasint"` // hex; the key
	Size       int64      `cbor:"2,keyasint"` // bytes
	Name       string     `cbor:"3,keyasint"` // of the file, for people
	Source     Source     `cbor:"4,keyasint"`
	URL        string     `cbor:"5,keyasint,omitempty"`
	FinalURL   string     `cbor:"6,keyasint,omitempty"` // after redirects
	ETag       string     `cbor:"7,keyasint,omitempty"`
	Modified   string     `cbor:"8,keyasint,omitempty"` // the server's Last-Modified
	Fetched    time.Time  `cbor:"9,keyasint"`
	License    string     `cbor:"10,keyasint,omitempty"`
	Vintage    string     `cbor:"11,keyasint,omitempty"`
	References References `cbor:"12,keyasint"`
	Sharing    Sharing    `cbor:"13,keyasint"`
}

// SourceFiles returns the table of source data, by hash.
func SourceFiles() *kv.Table[SourceData] {
	return &kv.Table[SourceData]{
		Name: "sourcedata", Version: 1,
		Key: func(s *SourceData) kv.Key { return kv.Key(nil).Str(s.SHA256) },
		Indexes: []kv.Index[SourceData]{
			{Name: "url", Keys: func(s *SourceData) []kv.Key {
				if s.URL == "" {
					return nil
				}
				return []kv.Key{kv.Key(nil).Str(s.URL)}
			}},
			{Name: "node", Keys: func(s *SourceData) []kv.Key { return s.References.keys() }},
			{Name: "access", Keys: kv.One(func(s *SourceData) kv.Key { return kv.Key(nil).Time(s.Sharing.LastAccess) })},
		},
	}
}

// RunSummary is what a session that has ended did (Group, Persistent); the
// last KeptSummaries of each node are kept.
type RunSummary struct {
	Node     string         `cbor:"1,keyasint"`
	Ended    time.Time      `cbor:"2,keyasint"` // with Node, the key
	Session  string         `cbor:"3,keyasint"`
	Status   string         `cbor:"4,keyasint"` // completed, failed, cancelled
	Reason   string         `cbor:"5,keyasint,omitempty"`
	Started  time.Time      `cbor:"6,keyasint"`
	Worked   time.Duration  `cbor:"7,keyasint"` // without pauses
	CPU      time.Duration  `cbor:"8,keyasint"`
	Tasks    map[string]int `cbor:"9,keyasint,omitempty"` // by status
	Features int            `cbor:"10,keyasint"`
	Drawn    int            `cbor:"11,keyasint"`
	Vertices int            `cbor:"12,keyasint"`
	Tiles    int            `cbor:"13,keyasint"`
	Bytes    int64          `cbor:"14,keyasint"` // of tiles, compressed
	MinZoom  int            `cbor:"15,keyasint"`
	MaxZoom  int            `cbor:"16,keyasint"`
	// Faults by code, and some of each with their place.
	Faults  map[string]int `cbor:"17,keyasint,omitempty"`
	Samples []string       `cbor:"18,keyasint,omitempty"`
	// Inputs are the sha256 of what was read, hex.
	Inputs []string `cbor:"19,keyasint,omitempty"`
	// Stages is the time of work in each stage.
	Stages map[string]time.Duration `cbor:"20,keyasint,omitempty"`
}

// KeptSummaries is how many summaries of a node are kept.
const KeptSummaries = 20

// Summaries returns the table of run summaries, by node and end.
func Summaries() *kv.Table[RunSummary] {
	return &kv.Table[RunSummary]{
		Name: "summaries", Version: 1,
		Key: func(s *RunSummary) kv.Key { return kv.Key(nil).Str(s.Node).Time(s.Ended) },
	}
}
