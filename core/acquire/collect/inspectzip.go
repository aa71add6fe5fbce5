package collect

import (
	"encoding/binary"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/zip"

	"github.com/shapes-desktop/shapes/core/acquire/source"
)

// ratioFloor is how large an archive may become whatever its packed size.
const ratioFloor = 16 << 20

// zip reads an archive and all its members. Their names never become paths; all
// the same, one that would lead out of a folder tells who made the archive.
func (k *inspection) zip(f io.ReaderAt) error {
	zr, err := zip.NewReader(f, k.size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return k.noArchive(f)
	}
	if len(zr.File) > k.limits.Members {
		return flaw(Bound, "the archive has %d members, which is more than any sound one has", len(zr.File))
	}
	var files []*zip.File
	for _, m := range zr.File {
		if leadsOut(m.Name) {
			return flaw(Name, "the archive has a member with a forbidden name (%s)", plain([]byte(m.Name)))
		}
		if !isLitter(m.Name) {
			files = append(files, m)
		}
	}
	if err := k.unpacksTo(files); err != nil {
		return err
	}
	if err := k.hasMember(files); err != nil {
		return err
	}
	for _, m := range files {
		if err := k.member(files, m); err != nil {
			return err
		}
	}
	return nil
}

// noArchive says why an archive has no list of its members.
func (k *inspection) noArchive(f io.ReaderAt) error {
	head := make([]byte, headBytes)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return err
	}
	if isMangled(head[:n]) {
		return mangled()
	}
	return flaw(Cut, "the zip archive ends before the list of its members: the rest is missing")
}

// leadsOut tells names that would lead out of the folder that an archive is
// unpacked to.
func leadsOut(name string) bool {
	name = slashed(name)
	if strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' || strings.ContainsRune(name, 0) {
		return true
	}
	for _, part := range strings.Split(name, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// slashed undoes the backslashes of archives made by old Windows tools.
func slashed(name string) string { return strings.ReplaceAll(name, `\`, "/") }

// isLitter tells folders and the files that systems add to archives.
func isLitter(name string) bool {
	name = slashed(name)
	base := path.Base(name)
	return strings.HasSuffix(name, "/") || strings.HasPrefix(base, "._") || base == ".DS_Store" ||
		strings.HasPrefix(name, "__MACOSX/") || strings.Contains(name, "/__MACOSX/")
}

// unpacksTo bounds what the members say they become. It is compared with the
// size of the archive, not with what they say they have in it: members may lie
// on top of each other.
func (k *inspection) unpacksTo(files []*zip.File) error {
	total := uint64(0)
	for _, m := range files {
		if m.UncompressedSize64 > uint64(k.limits.Unpacked)-total { //nolint:gosec // limits are positive
			return flaw(Bound, "the archive would become larger than %d bytes when it is unpacked", k.limits.Unpacked)
		}
		total += m.UncompressedSize64
	}
	if total > ratioFloor && total/uint64(max(k.size, 1)) > uint64(k.limits.Ratio) { //nolint:gosec // sizes are positive
		return flaw(Bound, "the archive of %d bytes would become %d bytes when it is unpacked: it was made to do harm", k.size, total)
	}
	return nil
}

// hasMember looks for the expected member, in whichever folder.
func (k *inspection) hasMember(files []*zip.File) error {
	if len(files) == 0 {
		return flaw(Member, "the archive is empty")
	}
	if k.expect.Member == "" {
		return nil
	}
	var names []string
	for _, m := range files {
		if k.isExpected(m) {
			return k.hasTable(files)
		}
		names = append(names, m.Name)
	}
	return flaw(Member, "the archive does not hold %s (it has %s)", k.expect.Member, someOf(names))
}

// hasTable looks for the table of an expected shapefile, if something of it is
// to be compared.
func (k *inspection) hasTable(files []*zip.File) error {
	if !hasExt(k.expect.Member, ".shp") || len(k.expect.Keys) == 0 && k.expect.Units == 0 {
		return nil
	}
	for _, m := range files {
		if k.isTableOf(files, slashed(m.Name)) {
			return nil
		}
	}
	return flaw(Member, "the archive does not hold the table (.dbf) of %s", k.expect.Member)
}

func (k *inspection) isExpected(m *zip.File) bool {
	want := k.expect.Member
	return want != "" && (strings.EqualFold(slashed(m.Name), want) || strings.EqualFold(path.Base(slashed(m.Name)), want))
}

// member reads a member to its end, where its checksum is compared.
func (k *inspection) member(files []*zip.File, m *zip.File) error {
	const encrypted = 1
	if m.Flags&encrypted != 0 {
		return flaw(Magic, "the archive is encrypted (%s)", plain([]byte(m.Name)))
	}
	r, err := m.Open()
	if err != nil {
		return k.damagedMember(m)
	}
	defer r.Close()
	in := &counted{r: &patient{k.ctx, r}, most: m.UncompressedSize64}
	err = k.content(files, m, in)
	if err == nil {
		_, err = io.Copy(io.Discard, in)
	}
	var f *Flaw
	switch {
	case k.ctx.Err() != nil:
		return k.ctx.Err()
	case in.err != nil: // what is behind it is worse than what it looks like
		return k.damagedMember(m)
	case errors.As(err, &f):
		f.Says = "in " + plain([]byte(m.Name)) + ": " + f.Says
		return f
	case err != nil || in.n != m.UncompressedSize64:
		return k.damagedMember(m)
	}
	return nil
}

func (k *inspection) damagedMember(m *zip.File) error {
	return flaw(Syntax, "%s in the zip archive is damaged", plain([]byte(m.Name)))
}

// content looks at what a member holds, if it is data that we know.
func (k *inspection) content(files []*zip.File, m *zip.File, r io.Reader) error {
	switch name := slashed(m.Name); {
	case k.isExpected(m) && hasExt(name, ".json", ".geojson"):
		return k.json(r, source.GeoJSON, k.expect.Units)
	case k.isExpected(m) && hasExt(name, ".shp"):
		return k.shapes(r)
	case k.isTableOf(files, name):
		return k.table(r)
	}
	return nil
}

// isTableOf reports whether name is the table of the expected shapefile.
func (k *inspection) isTableOf(files []*zip.File, name string) bool {
	if !hasExt(k.expect.Member, ".shp") || !hasExt(name, ".dbf") {
		return false
	}
	for _, m := range files {
		if shp := slashed(m.Name); k.isExpected(m) && strings.EqualFold(stem(shp), stem(name)) {
			return true
		}
	}
	return false
}

func hasExt(name string, exts ...string) bool {
	for _, e := range exts {
		if strings.EqualFold(path.Ext(name), e) {
			return true
		}
	}
	return false
}

func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// table reads the head of a dBASE table: how many rows, and which columns.
func (k *inspection) table(r io.Reader) error {
	var head [32]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return flaw(Cut, "the table of the shapefile is cut short")
	}
	var columns []string
	for range (int(binary.LittleEndian.Uint16(head[8:])) - len(head)) / 32 {
		var field [32]byte
		if _, err := io.ReadFull(r, field[:]); err != nil {
			return flaw(Cut, "the table of the shapefile is cut short")
		}
		const end = '\r'
		if field[0] == end {
			break
		}
		name, _, _ := strings.Cut(string(field[:11]), "\x00")
		columns = append(columns, name)
	}
	w := walk{keys: k.expect.Keys}
	if err := w.unit(columns); err != nil {
		return err
	}
	w.kind, w.listed, w.units = "FeatureCollection", true, int(binary.LittleEndian.Uint32(head[4:]))
	w.drawn = w.units // what is drawn is in another member
	return w.counted(k.expect.Units)
}

// counted reads no more than was declared, and one byte that tells of more.
type counted struct {
	r    io.Reader
	n    uint64
	most uint64
	err  error // of the archive
}

var errLonger = errors.New("longer than declared")

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += uint64(n) //nolint:gosec // readers give no negative numbers
	if err == nil && c.n > c.most {
		err = errLonger
	}
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}
