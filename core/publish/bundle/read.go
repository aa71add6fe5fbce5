package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/zip"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

// Limits bounds what is read of an archive.
type Limits struct {
	Entries  int   // of the zip, those that are ignored too
	Nodes    int   // of the manifest
	Manifest int64 // bytes of manifest.json
	Recipe   int64 // bytes of one recipe
	Recipes  int64 // bytes of all recipes
	Tiles    int64 // bytes of one tileset
	AllTiles int64 // bytes of all tilesets
	Ratio    int64 // times that JSON may grow on unpacking, beyond the first MiB
}

// DefaultLimits hold what the tree can, with room.
func DefaultLimits() Limits {
	return Limits{
		Entries: 300_000, Nodes: 100_000, Manifest: 128 << 20, Recipe: 4 << 20, Recipes: 512 << 20,
		Tiles: 64 << 30, AllTiles: 512 << 30, Ratio: 200,
	}
}

// Reader is an open archive. All but the tiles has been read and validated.
type Reader struct {
	Manifest
	// Ignored are the entries that are none of ours, in the order of the file.
	Ignored []string
	limits  Limits
	entries map[string]*zip.File
	close   io.Closer
}

// Open opens the archive at path. Errors: ErrFormat, ErrNewer, ErrDamaged and
// ErrLimit, which name the entry, and those of the file system.
func Open(path string, l Limits) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, atomicfile.Explain("open "+path, err)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%w: it is a folder", ErrFormat)
	}
	var r *Reader
	if err == nil {
		r, err = NewReader(f, info.Size(), l)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("import %s: %w", path, err), f.Close())
	}
	r.close = f
	return r, nil
}

// NewReader reads the archive of size bytes in src, which the Reader keeps.
// Errors are those of Open.
func NewReader(src io.ReaderAt, size int64, l Limits) (*Reader, error) {
	zr, err := zip.NewReader(src, size)
	if err != nil {
		if starts(src, "PK") {
			return nil, fmt.Errorf("%w: the zip archive is cut short or malformed: %w", ErrDamaged, err)
		}
		return nil, fmt.Errorf("%w: no zip archive", ErrFormat)
	}
	if len(zr.File) > l.Entries {
		return nil, fmt.Errorf("%w: %d entries, the most is %d", ErrLimit, len(zr.File), l.Entries)
	}
	r := &Reader{limits: l, entries: map[string]*zip.File{}}
	for _, f := range zr.File {
		if err := r.add(f); err != nil {
			return nil, err
		}
	}
	if err := r.readManifest(); err != nil {
		return nil, err
	}
	if err := r.readRecipes(); err != nil {
		return nil, err
	}
	if err := r.checkTiles(); err != nil {
		return nil, err
	}
	r.ignore(zr.File)
	return r, nil
}

func starts(src io.ReaderAt, magic string) bool {
	begin := make([]byte, len(magic))
	n, _ := src.ReadAt(begin, 0) // what cannot be read does not start so
	return string(begin[:n]) == magic
}

// add notes an entry. Names are never used as paths on disk; one that would
// lead out of a folder is refused all the same, for it was made on purpose.
func (r *Reader) add(f *zip.File) error {
	if !safe(f.Name) {
		return fmt.Errorf("%w: entry %q leads out of the archive", ErrDamaged, cut(f.Name))
	}
	if r.entries[f.Name] != nil {
		return fmt.Errorf("%w: entry %q is there twice", ErrDamaged, cut(f.Name))
	}
	r.entries[f.Name] = f
	return nil
}

func safe(name string) bool {
	if name == "" || strings.HasPrefix(name, "/") || strings.ContainsAny(name, "\\\x00:") {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return false
		}
	}
	return true
}

func (r *Reader) readManifest() error {
	f := r.entries[manifestEntry]
	if f == nil {
		return fmt.Errorf("%w: it has no %s", ErrFormat, manifestEntry)
	}
	data, err := r.json(f, r.limits.Manifest)
	if err != nil {
		return err
	}
	if err := head(data); err != nil {
		return err
	}
	var m manifest
	if err := decode(data, &m); err != nil {
		return fmt.Errorf("%s: %w: %w", manifestEntry, ErrDamaged, err)
	}
	if !isTime(m.Created) {
		return fmt.Errorf("%s: %w: the year of its time is not one of 0 to 9999", manifestEntry, ErrDamaged)
	}
	if len(m.Nodes) > r.limits.Nodes {
		return fmt.Errorf("%s: %w: %d nodes, the most is %d", manifestEntry, ErrLimit, len(m.Nodes), r.limits.Nodes)
	}
	r.Generator, r.Created = cut(m.Generator), m.Created.UTC()
	for _, n := range m.Nodes {
		r.Nodes = append(r.Nodes, Node{
			ID: n.ID, Parent: n.Parent, Type: tree.Type(n.Type), Name: n.Name, Description: n.Description,
			Created: n.Created.UTC(), Updated: n.Updated.UTC(), Tiles: n.Tiles,
		})
	}
	if err := check(r.Nodes); err != nil {
		return fmt.Errorf("%s: %w: %w", manifestEntry, ErrDamaged, err)
	}
	return nil
}

func (r *Reader) readRecipes() error {
	all := int64(0)
	for i := range r.Nodes {
		n := &r.Nodes[i]
		if n.Type != tree.Shape {
			continue
		}
		name := recipeEntry(n.ID)
		f := r.entries[name]
		if f == nil {
			return fmt.Errorf("%s: %w: the entry is missing", name, ErrDamaged)
		}
		data, err := r.json(f, r.limits.Recipe)
		if err != nil {
			return err
		}
		if all += int64(len(data)); all > r.limits.Recipes {
			return fmt.Errorf("%s: %w: recipes of more than %d bytes", name, ErrLimit, r.limits.Recipes)
		}
		var rec recipe
		if err = decode(data, &rec); err == nil {
			n.Shape, err = rec.read()
		}
		if err == nil {
			err = validate(n.Shape)
		}
		if err != nil {
			return fmt.Errorf("%s: %w: %w", name, ErrDamaged, err)
		}
	}
	return nil
}

// validate checks settings as far as they mean the same on every machine: the
// files may be elsewhere here, and the licence is asked for before a run.
func validate(s *shape.Shape) error {
	if _, known := shape.TermsOf(s.Source); !known {
		return fmt.Errorf("source %q is not known", cut(string(s.Source)))
	}
	for _, step := range []shape.Step{shape.StepName, shape.StepProcessing, shape.StepSelection} {
		if err := s.ValidateStep(step); err != nil {
			return err
		}
	}
	return nil
}

// json unpacks an entry into memory.
func (r *Reader) json(f *zip.File, most int64) ([]byte, error) {
	declared, packed := f.UncompressedSize64, max(f.CompressedSize64, 1)
	const floor = 1 << 20
	switch {
	case declared > uint64(most):
		return nil, fmt.Errorf("%s: %w: %d bytes, the most is %d", f.Name, ErrLimit, declared, most)
	case declared > floor && declared/packed > uint64(r.limits.Ratio):
		return nil, fmt.Errorf("%s: %w: it would grow %d times on unpacking, the most is %d", f.Name, ErrLimit, declared/packed, r.limits.Ratio)
	}
	c, err := open(f)
	if err != nil {
		return nil, err
	}
	// The reader gives no more than the entry declares, or an error.
	var b bytes.Buffer
	_, err = b.ReadFrom(io.LimitReader(c, most))
	if err = errors.Join(err, c.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", f.Name, ErrDamaged, err)
	}
	return b.Bytes(), nil
}

func open(f *zip.File) (io.ReadCloser, error) {
	const encrypted = 1
	if f.Flags&encrypted != 0 {
		return nil, fmt.Errorf("%s: %w: it is encrypted; unpack it and pack it without a password", f.Name, ErrFormat)
	}
	c, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", f.Name, ErrDamaged, err)
	}
	return c, nil
}

// checkTiles checks that the tilesets are there and bounded.
func (r *Reader) checkTiles() error {
	all := uint64(0)
	for i := range r.Nodes {
		if !r.Nodes[i].Tiles {
			continue
		}
		name := tilesEntry(r.Nodes[i].ID)
		f := r.entries[name]
		if f == nil {
			return fmt.Errorf("%s: %w: the entry is missing", name, ErrDamaged)
		}
		size := f.UncompressedSize64
		if all += size; size > uint64(r.limits.Tiles) || all > uint64(r.limits.AllTiles) {
			return fmt.Errorf("%s: %w: tiles of %d bytes, %d with those before", name, ErrLimit, size, all)
		}
		if f.Method != zip.Store && size/max(f.CompressedSize64, 1) > uint64(r.limits.Ratio) {
			return fmt.Errorf("%s: %w: it would grow more than %d times on unpacking", name, ErrLimit, r.limits.Ratio)
		}
	}
	return nil
}

func (r *Reader) ignore(files []*zip.File) {
	ours := map[string]bool{manifestEntry: true}
	for i := range r.Nodes {
		n := &r.Nodes[i]
		ours[recipeEntry(n.ID)] = n.Shape != nil
		ours[tilesEntry(n.ID)] = n.Tiles
	}
	for _, f := range files {
		if !ours[f.Name] {
			r.Ignored = append(r.Ignored, f.Name)
		}
	}
}

func (r *Reader) tiles(node string) *zip.File {
	for i := range r.Nodes {
		if r.Nodes[i].ID == node && r.Nodes[i].Tiles {
			return r.entries[tilesEntry(node)]
		}
	}
	return nil
}

// CopyTiles writes a node's tileset to w. What it holds is not looked at: the
// caller checks the file before it is opened. Errors: ErrNoTiles, ErrDamaged,
// and those of w.
func (r *Reader) CopyTiles(w io.Writer, node string) error {
	f := r.tiles(node)
	if f == nil {
		return fmt.Errorf("node %q: %w", cut(node), ErrNoTiles)
	}
	c, err := open(f)
	if err != nil {
		return err
	}
	out := &output{w: w}
	_, err = io.Copy(out, io.LimitReader(c, int64(f.UncompressedSize64)+1))
	switch err = errors.Join(err, c.Close()); {
	case out.err != nil:
		return out.err
	case err != nil:
		return fmt.Errorf("%s: %w: %w", f.Name, ErrDamaged, err)
	}
	return nil
}

// output tells errors of writing from those of reading.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	o.err = err
	return n, err
}

// Close lets go of the file.
func (r *Reader) Close() error {
	if r.close == nil {
		return nil
	}
	return r.close.Close()
}
