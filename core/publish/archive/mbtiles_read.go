package archive

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
	"modernc.org/sqlite"
)

// mbReader reads MBTiles, with tiles as a table or as a view. Tiles come as
// they are stored, which by the specification is gzipped.
type mbReader struct {
	path string
	db   *sql.DB
	get  *sql.Stmt
	meta tileset.Meta
}

// The result codes of SQLite that mean more to users than their text.
const (
	sqliteReadOnly = 8
	sqliteFull     = 13
	sqliteCorrupt  = 11
	sqliteNotADB   = 26
)

// sqliteCause adds the cause in terms of the file system or of this package.
func sqliteCause(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqliteFull:
		return errors.Join(err, syscall.ENOSPC)
	case sqliteReadOnly:
		return errors.Join(err, syscall.EROFS)
	case sqliteCorrupt, sqliteNotADB:
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return err
}

func openMBTiles(path string) (*mbReader, error) {
	// Unchanging: no lock or side files beside a file that is not ours. A
	// write-ahead log that someone left must be read along, though.
	query := "mode=ro&immutable=1"
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		query = "mode=ro"
	}
	db, err := openSQLite(path, query+"&_pragma=query_only(1)&_pragma=trusted_schema(0)&_pragma=cell_size_check(1)")
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	r := &mbReader{path: path, db: db}
	if err := r.prepare(context.Background()); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, sqliteCause(err)), db.Close())
	}
	return r, nil
}

func (r *mbReader) prepare(ctx context.Context) error {
	have := map[string]bool{}
	var name string
	err := queryRows(ctx, r.db, "SELECT lower(name) FROM sqlite_master WHERE type IN ('table', 'view')", func(rows *sql.Rows) error {
		err := rows.Scan(&name)
		have[name] = true
		return err
	})
	if err != nil {
		return err
	}
	if !have["tiles"] {
		return fmt.Errorf("%w: an SQLite database without a table or view named tiles", ErrFormat)
	}
	r.get, err = r.db.Prepare("SELECT CASE WHEN length(tile_data) <= ? THEN tile_data END, length(tile_data) FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?")
	if err != nil {
		return err
	}
	return r.readMeta(ctx, have["metadata"])
}

// readMeta reads the metadata table, which may be missing or incomplete.
func (r *mbReader) readMeta(ctx context.Context, has bool) error {
	var rows []entry
	if has {
		err := queryRows(ctx, r.db, "SELECT CAST(name AS text), CAST(value AS text) FROM metadata ORDER BY rowid", func(s *sql.Rows) error {
			var name, value sql.NullString
			err := s.Scan(&name, &value)
			rows = append(rows, entry{name.String, value.String})
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, e := range rows {
		if e.name == "format" && e.value != "pbf" && e.value != "mvt" {
			return fmt.Errorf("%w: it holds %s images, not vector tiles", ErrFormat, e.value)
		}
	}
	m, hasMin, hasMax, err := understand(rows)
	if err != nil {
		return err
	}
	if m.Name == "" {
		m.Name = strings.TrimSuffix(filepath.Base(r.path), filepath.Ext(r.path))
	}
	r.meta = m
	if hasMin && hasMax {
		return nil
	}
	var low, high sql.NullInt64
	if err := r.db.QueryRowContext(ctx, "SELECT min(zoom_level), max(zoom_level) FROM tiles").Scan(&low, &high); err != nil {
		return err
	}
	if !hasMin {
		r.meta.MinZoom = uint8(max(0, min(31, low.Int64)))
	}
	if !hasMax {
		r.meta.MaxZoom = uint8(max(0, min(31, high.Int64)))
	}
	return nil
}

// Tile implements Reader.
func (r *mbReader) Tile(ctx context.Context, id tile.ID) ([]byte, error) {
	if !id.Valid() {
		return nil, ctx.Err()
	}
	var data []byte
	var size sql.NullInt64
	err := r.get.QueryRowContext(ctx, maxTile, id.Z, id.X, flipRow(id)).Scan(&data, &size)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read tile %v of %s: %w", id, r.path, sqliteCause(err))
	case size.Int64 > maxTile:
		return nil, fmt.Errorf("read tile %v of %s: %w: %d bytes, more than the %d allowed", id, r.path, ErrFormat, size.Int64, maxTile)
	}
	return data, nil
}

// Meta implements Reader.
func (r *mbReader) Meta() tileset.Meta { return r.meta }

// Each implements Reader. The addresses of one zoom are held in memory, as
// the file has them in another order.
func (r *mbReader) Each(ctx context.Context, fn func(tile.ID, []byte) error) error {
	var zooms []int64
	err := queryRows(ctx, r.db, "SELECT DISTINCT zoom_level FROM tiles WHERE zoom_level BETWEEN 0 AND 31 ORDER BY zoom_level", func(rows *sql.Rows) error {
		var z int64
		err := rows.Scan(&z)
		zooms = append(zooms, z)
		return err
	})
	if err != nil {
		return fmt.Errorf("read %s: %w", r.path, sqliteCause(err))
	}
	for _, z := range zooms {
		ids, err := r.zoom(ctx, z)
		if err != nil {
			return fmt.Errorf("read zoom %d of %s: %w", z, r.path, sqliteCause(err))
		}
		if err := eachOf(ctx, ids, r.Tile, fn); err != nil {
			return err
		}
	}
	return nil
}

func (r *mbReader) zoom(ctx context.Context, z int64) ([]tile.ID, error) {
	var ids []tile.ID
	err := queryRows(ctx, r.db, "SELECT tile_column, tile_row FROM tiles WHERE zoom_level = ?", func(rows *sql.Rows) error {
		var x, row int64
		if err := rows.Scan(&x, &row); err != nil {
			return err
		}
		n := int64(1) << z
		if x < 0 || x >= n || row < 0 || row >= n {
			return fmt.Errorf("%w: tile in column %d, row %d", ErrFormat, x, row)
		}
		ids = append(ids, tile.ID{Z: uint8(z), X: uint32(x), Y: uint32(n - 1 - row)})
		return nil
	}, z)
	sortTiles(ids)
	return slices.Compact(ids), err
}

func sortTiles(ids []tile.ID) {
	slices.SortFunc(ids, func(a, b tile.ID) int { return cmp.Compare(a.Hilbert(), b.Hilbert()) })
}

// eachOf calls fn with those of the tiles that there are.
func eachOf(ctx context.Context, ids []tile.ID, get func(context.Context, tile.ID) ([]byte, error), fn func(tile.ID, []byte) error) error {
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := get(ctx, id)
		if err != nil {
			return err
		}
		if data == nil {
			continue
		}
		if err := fn(id, data); err != nil {
			return err
		}
	}
	return nil
}

// Close implements Reader.
func (r *mbReader) Close() error { return errors.Join(r.get.Close(), r.db.Close()) }
