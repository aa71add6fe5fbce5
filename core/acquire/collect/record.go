package collect

import (
	"fmt"
	"slices"

	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/store/cache"
)

// record is what is known of what came.
func (d *download) record(got fetch.Got) cache.Record {
	r, now := d.r, d.now()
	rec := cache.Record{
		SHA256: got.SHA256, Size: got.Bytes, Name: r.Name, Source: string(r.Source),
		URL: r.URL, Form: r.Form, FinalURL: got.URL, ETag: got.ETag, Modified: got.Modified,
		Fetched: now, Checked: now, Used: now, Vintage: r.Vintage,
		License: r.License.Name, LicenseText: r.License.Text, LicenseURL: r.License.URL, Attribution: r.License.Attribution,
		AcceptedBy: d.o.AcceptedBy, Accepted: d.o.Accepted,
		Sources: slices.Clone(r.Sources), Cells: cellNames(r.Cells),
	}
	if d.url != r.URL {
		rec.Asked = d.url
	}
	return rec
}

// cellNames spells cells as records have them, sorted.
func cellNames(cells []source.Cell) []string {
	var out []string
	for _, c := range cells {
		out = append(out, fmt.Sprintf("%s:%d", c.Country, c.Level))
	}
	return union(nil, out)
}

func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}
