package ingest

import (
	"bytes"
	"fmt"
	"strings"
)

// sniffBytes is how much of a file is looked at to recognise it.
const sniffBytes = 1024

// kind is a container or format that is recognised by its first bytes.
type kind string

const (
	kindJSON      kind = "JSON"
	kindGzip      kind = "gzip data"
	kindZip       kind = "a zip archive"
	kindSQLite    kind = "an SQLite database"
	kindShapefile kind = "a shapefile"
)

// readable ends every refusal: what to bring instead.
const readable = "GeoJSON, TopoJSON, Overpass answers, shapefile (.shp or .zip) and GeoPackage can be read"

type magic struct {
	prefix string
	kind   kind   // of the formats read here
	refuse string // else what it is
}

// magics returns the first bytes of known formats.
func magics() []magic {
	return []magic{
		{prefix: "\x1f\x8b", kind: kindGzip},
		{prefix: "PK\x03\x04", kind: kindZip},
		{prefix: "PK\x05\x06", kind: kindZip},
		{prefix: "SQLite format 3\x00", kind: kindSQLite},
		{prefix: "\x00\x00\x27\x0a", kind: kindShapefile},
		{prefix: "fgb\x03", refuse: "it is FlatGeobuf"},
		{prefix: "PAR1", refuse: "it is (Geo)Parquet"},
		{prefix: "PMTiles", refuse: "it is a PMTiles archive, which holds finished tiles"},
		{prefix: "%PDF", refuse: "it is a PDF document"},
		{prefix: "BZh", refuse: "it is bzip2 data; unpack it first"},
		{prefix: "\xfd7zXZ", refuse: "it is xz data; unpack it first"},
		{prefix: "7z\xbc\xaf", refuse: "it is a 7z archive; unpack it first"},
		{prefix: "Rar!", refuse: "it is a RAR archive; unpack it first"},
		{prefix: "\x28\xb5\x2f\xfd", refuse: "it is zstd data; unpack it first"},
		{prefix: "\xff\xfe", refuse: "it is UTF-16 text; save it as UTF-8"},
		{prefix: "\xfe\xff", refuse: "it is UTF-16 text; save it as UTF-8"},
		{prefix: "version https://git-lfs", refuse: "it is a Git LFS pointer, not the file itself; " +
			"download the file from its media address or run git lfs pull"},
	}
}

// sniff recognises a file by its first bytes, or says why it is refused.
func sniff(head []byte) (kind, error) {
	for _, m := range magics() {
		if !bytes.HasPrefix(head, []byte(m.prefix)) {
			continue
		}
		if m.refuse != "" {
			return "", fmt.Errorf("%w: %s; %s", ErrFormat, m.refuse, readable)
		}
		return m.kind, nil
	}
	return sniffText(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), "\x1e \t\r\n"), len(head))
}

func sniffText(text []byte, size int) (kind, error) {
	switch {
	case size == 0:
		return "", fmt.Errorf("%w: the file is empty (0 bytes); fetch or export it again", ErrFormat)
	case len(text) == 0:
		return "", fmt.Errorf("%w: it starts with nothing but blanks; %s", ErrFormat, readable)
	case text[0] == '{':
		return kindJSON, nil
	case text[0] == '<':
		return "", fmt.Errorf("%w: %s; %s", ErrFormat, markup(text), readable)
	case text[0] == '[' && isPlace(text):
		return kindJSON, nil
	case text[0] == '[':
		return "", fmt.Errorf("%w: it is a JSON list, not an object with a \"type\"; %s", ErrFormat, readable)
	}
	return "", fmt.Errorf("%w: it begins with %q; %s", ErrFormat, text[:min(len(text), 24)], readable)
}

// markup names the kind of XML or HTML that text is.
func markup(text []byte) string {
	low := strings.ToLower(string(text))
	switch {
	case strings.Contains(low, "<!doctype html"), strings.Contains(low, "<html"), strings.Contains(low, "<head"):
		return "it is an HTML page, most likely a server's error page saved as data; fetch it again"
	case strings.Contains(low, "<kml"):
		return "it is KML"
	case strings.Contains(low, "<osm"):
		return "it is OpenStreetMap XML"
	case strings.Contains(low, "opengis.net/gml"):
		return "it is GML"
	case strings.Contains(low, "<error>"):
		return "it is a server's XML error message saved as data; fetch it again"
	}
	return "it is XML"
}
