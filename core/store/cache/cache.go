// Package cache keeps downloaded files under the hash of their bytes, each with
// a record of where it is from beside it. A file under its name is whole, and
// what it says it is; whatever is not is not in the cache. Who uses a file is
// not its matter: callers say what must stay.
package cache

import "time"

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
}
