package ingest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"github.com/klauspost/compress/zip"
)

// archive is an opened zip file. Members are read where they lie; their names
// are looked at but never used as paths on disk.
type archive struct {
	in     *input
	limits Limits
	files  []*zip.File // without folders and system litter
}

func readZip(c *collector, in *input) error {
	zr, err := zip.NewReader(in, in.src.size)
	if err != nil {
		if in.ctx.Err() != nil {
			return in.ctx.Err()
		}
		return fmt.Errorf("%w: the zip archive is cut short or malformed (%v); fetch it again", ErrDamaged, err)
	}
	if len(zr.File) > c.limits.ZipEntries {
		return &LimitError{
			Limit: "members of a zip archive", Value: int64(c.limits.ZipEntries),
			Place: fmt.Sprintf("it has %d", len(zr.File)),
		}
	}
	a := &archive{in: in, limits: c.limits}
	for _, f := range zr.File {
		if !isLitter(f.Name) {
			a.files = append(a.files, f)
		}
	}
	return a.read(c)
}

// isLitter tells folders and the files that systems add to archives.
func isLitter(name string) bool {
	name = slashed(name)
	base := path.Base(name)
	return strings.HasSuffix(name, "/") || strings.HasPrefix(base, "._") || base == ".DS_Store" ||
		strings.HasPrefix(name, "__MACOSX/") || strings.Contains(name, "/__MACOSX/")
}

// slashed undoes the backslashes of archives made by old Windows tools.
func slashed(name string) string { return strings.ReplaceAll(name, `\`, "/") }

// read reads the shapefiles of the archive, or else its only JSON file, or
// else its only GeoPackage.
func (a *archive) read(c *collector) error {
	if shps := a.with(".shp"); len(shps) > 0 {
		return a.shapefiles(c, shps)
	}
	documents := a.with(".geojson", ".json", ".topojson", ".geojsonl", ".geojsons", ".geojsonseq", ".ndjson")
	packages := a.with(".gpkg")
	found := append(append([]*zip.File(nil), documents...), packages...)
	switch {
	case len(found) == 0:
		return fmt.Errorf("%w: the zip archive holds no boundary file%s; %s", ErrFormat, a.names(a.files), readable)
	case len(found) > 1:
		return fmt.Errorf("%w: the zip archive holds %d boundary files%s; unpack the one you want", ErrFormat, len(found), a.names(found))
	case len(packages) == 1:
		return a.geoPackage(c, packages[0])
	}
	r, err := a.open(documents[0])
	if err != nil {
		return err
	}
	defer r.Close()
	if err := readPackedJSON(c, r, "zip archive"); err != nil {
		return fmt.Errorf("%s: %w", documents[0].Name, err)
	}
	return nil
}

// with lists the members that have one of the extensions.
func (a *archive) with(extensions ...string) []*zip.File {
	var found []*zip.File
	for _, f := range a.files {
		for _, e := range extensions {
			if strings.EqualFold(path.Ext(slashed(f.Name)), e) {
				found = append(found, f)
			}
		}
	}
	return found
}

// names lists the first members for a message.
func (a *archive) names(files []*zip.File) string {
	const most = 5
	var list []string
	for i, f := range files {
		if i == most {
			list = append(list, "…")
			break
		}
		list = append(list, f.Name)
	}
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}

// open opens a member, bounded by what it declares and by what it gives.
func (a *archive) open(f *zip.File) (io.ReadCloser, error) {
	declared, packed := f.UncompressedSize64, max(f.CompressedSize64, 1)
	if declared > uint64(a.limits.Bytes) {
		return nil, &LimitError{
			Limit: "decompressed bytes", Value: a.limits.Bytes,
			Place: fmt.Sprintf("%s declares %d", f.Name, declared),
		}
	}
	if declared > ratioFloor && declared/packed > uint64(a.limits.ZipRatio) {
		return nil, &LimitError{
			Limit: "times expansion on decompressing", Value: a.limits.ZipRatio,
			Place: fmt.Sprintf("%s declares %d bytes from %d", f.Name, declared, packed),
		}
	}
	const encrypted = 1
	if f.Flags&encrypted != 0 {
		return nil, fmt.Errorf("%w: %s is encrypted; unpack the archive first", ErrFormat, f.Name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, a.memberError(f, err)
	}
	return &member{archive: a, file: f, c: r, r: &boundedReader{
		r: r, limit: a.limits.Bytes, ratio: a.limits.ZipRatio, place: f.Name,
		compressed: func() int64 { return int64(packed) },
	}}, nil
}

func (a *archive) memberError(f *zip.File, err error) error {
	var limit *LimitError
	if a.in.ctx.Err() != nil {
		return a.in.ctx.Err()
	}
	if errors.As(err, &limit) {
		return err
	}
	if errors.Is(err, zip.ErrAlgorithm) {
		return fmt.Errorf("%w: %s is packed by a method (%d) that is not supported; unpack the archive first", ErrFormat, f.Name, f.Method)
	}
	return fmt.Errorf("%w: member %s of the zip archive is cut short or malformed (%v); fetch it again", ErrDamaged, f.Name, err)
}

// member is an open member of an archive.
type member struct {
	archive *archive
	file    *zip.File
	r       io.Reader
	c       io.Closer
}

func (m *member) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if err != nil && err != io.EOF {
		err = m.archive.memberError(m.file, err)
	}
	return n, err
}

func (m *member) Close() error { return m.c.Close() }

// shapefiles reads each shapefile of the archive as a layer.
func (a *archive) shapefiles(c *collector, shps []*zip.File) error {
	c.sum.Format = "shapefile"
	for _, shp := range shps {
		if len(shps) == 1 {
			c.singleLayer()
		} else {
			c.startLayer(strings.TrimSuffix(path.Base(slashed(shp.Name)), path.Ext(shp.Name)))
		}
		if err := a.shapefile(c, shp); err != nil {
			return err
		}
	}
	return nil
}

func (a *archive) shapefile(c *collector, shp *zip.File) error {
	stem := strings.TrimSuffix(shp.Name, path.Ext(shp.Name))
	set := shapefileSet{name: shp.Name, open: func(ext string) (io.ReadCloser, error) {
		for _, f := range a.files {
			if strings.EqualFold(f.Name, stem+ext) {
				return a.open(f)
			}
		}
		return nil, os.ErrNotExist
	}}
	return readShapefile(c, set)
}

// geoPackage unpacks a GeoPackage to a temporary file, since a database needs
// one, and removes it afterwards.
func (a *archive) geoPackage(c *collector, f *zip.File) (err error) {
	r, err := a.open(f)
	if err != nil {
		return err
	}
	defer r.Close()
	return readTempGeoPackage(c, a.in, r)
}
