// Package cache keeps downloaded files under the hash of their bytes, each with
// a record of where it is from beside it. A file under its name is whole, and
// what it says it is; whatever is not is not in the cache. Who uses a file is
// not its matter: callers say what must stay.
package cache

import (
	"errors"
	"sync"
	"time"
)

// Record is what is known of a file: a sidecar of JSON beside it.
type Record struct {
	SHA256   string    `json:"sha256"` // hex; the name
	Size     int64     `json:"size"`
	Name     string    `json:"name"` // of the file, for people
	Source   string    `json:"source"`
	URL      string    `json:"url"`            // as the source has it
	Form     string    `json:"form,omitempty"` // what was posted
	FinalURL string    `json:"finalUrl,omitempty"`
	ETag     string    `json:"etag,omitempty"`
	Modified string    `json:"lastModified,omitempty"`
	Fetched  time.Time `json:"fetched"`
	Checked  time.Time `json:"checked"` // when the server last said that it is current
	Used     time.Time `json:"used"`
	Vintage  string    `json:"vintage,omitempty"`
	License  string    `json:"license"` // name
	// LicenseText and LicenseURL are what was accepted, by whom and when.
	LicenseText string    `json:"licenseText,omitempty"`
	LicenseURL  string    `json:"licenseUrl,omitempty"`
	AcceptedBy  string    `json:"acceptedBy,omitempty"`
	Accepted    time.Time `json:"accepted,omitzero"`
	Attribution string    `json:"attribution,omitempty"`
	Sources     []string  `json:"sources,omitempty"`
	Cells       []string  `json:"cells,omitempty"` // "JPN:1"
	// Asked is the address that gave the bytes, where it is another than URL: a
	// further address of the same data, or the store that URL's answer points to.
	// ETag and Modified are what it said.
	Asked string `json:"asked,omitempty"`
	// Also are the records of other addresses that gave the same bytes. They have
	// no Also of their own.
	Also []Record `json:"also,omitempty"`
}

// Errors that callers tell apart with errors.Is.
var (
	// ErrMissing: there is no such file.
	ErrMissing = errors.New("not in the cache")
	// ErrDamaged: the bytes are no longer those that were kept.
	ErrDamaged = errors.New("its bytes are no longer those that were fetched")
	// ErrMismatch: the bytes are not those that the record tells of.
	ErrMismatch = errors.New("the bytes differ from their record")
	// ErrTooLarge: a record or a state has more bytes than are kept.
	ErrTooLarge = errors.New("too large to be kept")
	// ErrName: what should be a hash is none.
	ErrName = errors.New("not a sha256 of 64 hexadecimal digits")
)

// Cache is an open folder of downloaded files. Its methods are safe for
// concurrent use; the folder belongs to one process at a time. Records that go
// in and out are copies, as far as callers keep from writing to their slices.
type Cache struct {
	dir string

	mu      sync.Mutex // guards the index below, and every change of a file under its name
	files   map[string]*entry
	address map[address]string // sha256 of the newest file that came from there
	using   map[string]int     // partial downloads that are at work, by their key
	damaged []Problem          // sidecars that Open could not read

	// after is called when a step has reached the disk: a test that returns an
	// error leaves everything as if the process had ended there.
	after func(step string) error
}

// entry is a file whose bytes and sidecar are there.
type entry struct {
	rec   Record
	saved time.Time // Used, as the sidecar has it
}

// address is what is asked for: URL and body.
type address struct{ url, form string }

func (r *Record) address() address { return address{r.URL, r.Form} }

// from returns r as seen from an address that it has; false if it has not.
func (r *Record) from(a address) (Record, bool) {
	if r.address() == a {
		return *r, true
	}
	for i := range r.Also {
		if r.Also[i].address() == a {
			return r.front(i), true
		}
	}
	return Record{}, false
}

// front returns r with the i-th other address in front.
func (r *Record) front(i int) Record {
	first := r.Also[i]
	main := *r
	main.Also = nil
	first.Also = append([]Record{main}, r.Also[:i]...)
	first.Also = append(first.Also, r.Also[i+1:]...)
	return first
}

// all returns the records of each address of r, none of which has an Also.
func (r *Record) all() []Record {
	main := *r
	main.Also = nil
	return append([]Record{main}, r.Also...)
}
