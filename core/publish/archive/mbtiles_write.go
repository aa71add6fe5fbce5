package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

const sqliteMagic = "SQLite format 3"

// mbSchema stores equal tiles once; the view is what MBTiles 1.3 asks for. The
// application id marks the file as MBTiles.
const mbSchema = `
CREATE TABLE metadata (name text, value text);
CREATE TABLE map (zoom_level integer, tile_column integer, tile_row integer, tile_id integer);
CREATE TABLE images (tile_id integer PRIMARY KEY, tile_data blob);
CREATE VIEW tiles AS SELECT map.zoom_level AS zoom_level, map.tile_column AS tile_column,
  map.tile_row AS tile_row, images.tile_data AS tile_data
  FROM map JOIN images ON images.tile_id = map.tile_id;
PRAGMA application_id = 1297105496;`

// mbIndexes come after the rows: sorting once is faster.
const mbIndexes = `
CREATE UNIQUE INDEX tile_index ON map (zoom_level, tile_column, tile_row);
CREATE UNIQUE INDEX name ON metadata (name);`

// mbWriter writes MBTiles 1.3, tiles gzipped.
type mbWriter struct {
	sequence
	path, temp string
	db         *sql.DB
	tx         *sql.Tx
	addImage   *sql.Stmt
	addTile    *sql.Stmt
	seen       map[[16]byte]int64 // tile_id by content
}

func createMBTiles(path string) (*mbWriter, error) {
	temp, err := atomicfile.Reserve(path)
	if err != nil {
		return nil, err
	}
	w := &mbWriter{path: path, temp: temp, seen: map[[16]byte]int64{}}
	if err := w.begin(); err != nil {
		return nil, errors.Join(atomicfile.Explain("create "+path, sqliteCause(err)), w.Abort())
	}
	return w, nil
}

// begin opens the database without journal and sync: until it is whole it has
// a temporary name, and a failed one is deleted.
func (w *mbWriter) begin() (err error) {
	w.db, err = openSQLite(w.temp, "_pragma=page_size(4096)&_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=locking_mode(exclusive)")
	if err != nil {
		return err
	}
	w.db.SetMaxOpenConns(1)
	if _, err = w.db.Exec(mbSchema); err != nil {
		return err
	}
	if w.tx, err = w.db.Begin(); err != nil {
		return err
	}
	if w.addImage, err = w.tx.Prepare("INSERT INTO images VALUES (?, ?)"); err != nil {
		return err
	}
	w.addTile, err = w.tx.Prepare("INSERT INTO map VALUES (?, ?, ?, ?)")
	return err
}

// openSQLite opens a file by its path, whatever characters that has.
func openSQLite(path, query string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	abs = filepath.ToSlash(abs)
	if abs[0] != '/' {
		abs = "/" + abs // C:/…
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: abs, RawQuery: query}
	return sql.Open("sqlite", u.String())
}

// Put implements Writer.
func (w *mbWriter) Put(id tile.ID, gz []byte) error {
	if err := w.check(id, gz); err != nil {
		return err
	}
	hash := sha256.Sum256(gz)
	n, known := w.seen[[16]byte(hash[:])]
	if !known {
		n = int64(len(w.seen)) + 1
		w.seen[[16]byte(hash[:])] = n
		if _, err := w.addImage.Exec(n, gz); err != nil {
			return w.fail(atomicfile.Explain("write "+w.path, sqliteCause(err)))
		}
	}
	if _, err := w.addTile.Exec(id.Z, id.X, flipRow(id), n); err != nil {
		return w.fail(atomicfile.Explain("write "+w.path, sqliteCause(err)))
	}
	return nil
}

// flipRow is the row of MBTiles, which count from the south.
func flipRow(id tile.ID) int64 { return int64(1)<<id.Z - 1 - int64(id.Y) }

// Commit implements Writer.
func (w *mbWriter) Commit(m tileset.Meta) error {
	err := w.ready()
	if err == nil {
		err = w.finish(m)
	}
	if err != nil {
		return errors.Join(atomicfile.Explain("write "+w.path, sqliteCause(err)), w.Abort())
	}
	w.done = true
	return atomicfile.Replace(w.temp, w.path)
}

func (w *mbWriter) finish(m tileset.Meta) error {
	rows, err := describe(m)
	if err != nil {
		return err
	}
	for _, e := range rows {
		if _, err := w.tx.Exec("INSERT INTO metadata VALUES (?, ?)", e.name, e.value); err != nil {
			return err
		}
	}
	if _, err := w.tx.Exec(mbIndexes); err != nil {
		return err
	}
	if err := w.tx.Commit(); err != nil {
		return err
	}
	w.tx = nil
	if err := w.db.Close(); err != nil {
		return err
	}
	w.db = nil
	return nil
}

// Abort implements Writer.
func (w *mbWriter) Abort() error {
	if w.done {
		return nil
	}
	w.done = true
	if w.tx != nil {
		w.tx.Rollback() // its content is not wanted
	}
	if w.db != nil {
		w.db.Close()
	}
	return atomicfile.Explain("remove unfinished "+w.temp, os.Remove(w.temp))
}

// queryRows runs a query and calls scan for each row.
func queryRows(ctx context.Context, db *sql.DB, query string, scan func(*sql.Rows) error, args ...any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
