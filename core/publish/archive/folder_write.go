package archive

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

const (
	folderMeta = "metadata.json"
	// folderKey marks the metadata of a folder of ours, which may be replaced.
	folderKey   = "container"
	folderValue = "shapes tile folder 1"
)

// folderWriter writes z/x/y.pbf, uncompressed as static web servers and QGIS
// need them, and metadata.json with the entries of MBTiles.
type folderWriter struct {
	sequence
	folder *atomicfile.Folder
	dir    string // made last
}

func createFolder(path string) (*folderWriter, error) {
	f, err := atomicfile.CreateFolder(path, isOurs)
	if err != nil {
		return nil, err
	}
	return &folderWriter{folder: f}, nil
}

// isOurs reports whether a folder was written here and holds nothing else.
func isOurs(dir string) (bool, error) {
	text, err := os.ReadFile(filepath.Join(dir, folderMeta))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var meta map[string]any
	if json.Unmarshal(text, &meta) != nil || meta[folderKey] != folderValue {
		return false, nil
	}
	ours := true
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if !belongs(filepath.ToSlash(rel), d) {
			ours = false
			return filepath.SkipAll
		}
		return nil
	})
	return ours, err
}

// belongs reports whether a path below a tile folder is one that is written
// here.
func belongs(rel string, d fs.DirEntry) bool {
	if rel == "." || rel == folderMeta {
		return true
	}
	parts := strings.Split(rel, "/")
	if len(parts) == 3 {
		name, ok := strings.CutSuffix(parts[2], ".pbf")
		if !ok || !d.Type().IsRegular() {
			return false
		}
		parts[2] = name
	} else if !d.IsDir() {
		return false
	}
	for _, p := range parts {
		if _, err := strconv.ParseUint(p, 10, 32); err != nil {
			return false
		}
	}
	return len(parts) <= 3
}

// Put implements Writer.
func (w *folderWriter) Put(id tile.ID, gz []byte) error {
	if err := w.check(id, gz); err != nil {
		return err
	}
	if err := w.put(id, gz); err != nil {
		return w.fail(atomicfile.Explain("write "+w.folder.Target(), err))
	}
	return nil
}

func (w *folderWriter) put(id tile.ID, gz []byte) error {
	raw, err := ungzip(gz, maxTile)
	if err != nil {
		return err
	}
	dir := filepath.Join(w.folder.Path(), strconv.Itoa(int(id.Z)), strconv.Itoa(int(id.X)))
	if dir != w.dir {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		w.dir = dir
	}
	return os.WriteFile(filepath.Join(dir, strconv.Itoa(int(id.Y))+".pbf"), raw, 0o644)
}

// Commit implements Writer.
func (w *folderWriter) Commit(m tileset.Meta) error {
	err := w.ready()
	if err == nil {
		err = w.describe(m)
	}
	if err != nil {
		return errors.Join(err, w.Abort())
	}
	w.done = true
	return w.folder.Commit()
}

// describe writes metadata.json: an object of strings, the layers in one of
// them, as tippecanoe writes it and GDAL reads it.
func (w *folderWriter) describe(m tileset.Meta) error {
	rows, err := describe(m)
	if err != nil {
		return err
	}
	all := map[string]string{folderKey: folderValue, "compression": "none"}
	for _, e := range rows {
		all[e.name] = e.value
	}
	text, err := encodeJSON(all)
	if err != nil {
		return err
	}
	err = os.WriteFile(filepath.Join(w.folder.Path(), folderMeta), append(text, '\n'), 0o644)
	return atomicfile.Explain("write "+w.folder.Target(), err)
}

// Abort implements Writer.
func (w *folderWriter) Abort() error {
	w.done = true
	return w.folder.Abort()
}
