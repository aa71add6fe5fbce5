package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// readGeoPackageInput reads the stored database, by way of a temporary file if
// it is in memory.
func readGeoPackageInput(c *collector, in *input) error {
	if in.src.path == "" {
		return readTempGeoPackage(c, in, in.stream(c.limits.Bytes))
	}
	if info, err := os.Stat(in.src.path + "-wal"); err == nil && info.Size() > 0 {
		return fmt.Errorf("%w: changes to it are still in %s-wal; close the program that has it open", ErrDamaged, in.src.name)
	}
	return readGeoPackage(c, in, in.src.path)
}

// unpackError says where a database could not be unpacked. Errors of reading
// the archive stay as they are.
func unpackError(dir string, err error) error {
	var pe *fs.PathError
	if !errors.As(err, &pe) || !strings.HasPrefix(pe.Path, dir) {
		return err
	}
	return fmt.Errorf("unpack the GeoPackage in %s: %w; make room there, set TMPDIR to another folder, or unpack it yourself", dir, pe.Err)
}

// readTempGeoPackage reads a database from r, which must give a whole file.
func readTempGeoPackage(c *collector, in *input, r io.Reader) (err error) {
	dir, err := os.MkdirTemp("", "shapes-ingest-")
	if err != nil {
		return unpackError(os.TempDir(), err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "input.gpkg")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return unpackError(dir, err)
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		return unpackError(dir, err)
	}
	return readGeoPackage(c, in, path)
}
