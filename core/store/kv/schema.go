package kv

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Schema is what a database holds.
type Schema struct {
	// Name of the database for people, such as "core". It is kept in the file,
	// so that the file of another database is not taken for it.
	Name string
	// Version of the schema, from 1. Files of older versions are migrated.
	Version int
	Tables  []Tabled
	// Migrations[i] turns version i+1 into i+2, in the transaction that records
	// the new version. Buckets of new tables exist by then. Indexes that are new
	// are filled afterwards; an index whose keys have changed needs Reindex.
	Migrations []func(tx *Tx) error
}

// fileFormat is the version of the layout that docs/formats.md describes,
// below all schemas.
const fileFormat = 1

// The keys of the bucket meta, beside the tallies.
const (
	formatKey = "format" // 8 bytes, big-endian: fileFormat
	schemaKey = "schema" // 8 bytes, big-endian: version of the schema
	nameKey   = "name"   // name of the schema
)

// check refuses a schema that is a defect of the program.
func (s Schema) check() error {
	if s.Version < 1 || len(s.Migrations) != s.Version-1 {
		return fmt.Errorf("schema %s: version %d has %d migrations", s.Name, s.Version, len(s.Migrations))
	}
	seen := map[string]bool{metaBucket: true, "": true}
	for _, t := range s.Tables {
		for i, name := range t.buckets() {
			if seen[name] || strings.Count(name, ".") != min(i, 1) {
				return fmt.Errorf("schema %s: %q may not be the name of a table or index", s.Name, name)
			}
			seen[name] = true
		}
	}
	return nil
}

// stale reports whether prepare has anything to do. Errors: ErrNewer and
// ErrDamaged.
func (db *DB) stale(tx *Tx) (bool, error) {
	have, err := db.version(tx)
	if err != nil {
		return false, err
	}
	missing, spare, err := db.differences(tx)
	return have != db.schema.Version || len(missing)+len(spare) > 0, err
}

// version returns the version of the schema that the file was written with.
func (db *DB) version(tx *Tx) (int, error) {
	format, err := tx.metaNumber(formatKey)
	if err != nil {
		return 0, damaged(db.path, err)
	}
	if format > fileFormat {
		return 0, newer(db.path, "format", format, fileFormat)
	}
	have, err := tx.metaNumber(schemaKey)
	if err != nil {
		return 0, damaged(db.path, err)
	}
	meta, err := tx.bucket(metaBucket)
	if err != nil {
		return 0, damaged(db.path, err)
	}
	switch name, err := meta.get([]byte(nameKey)); {
	case err != nil:
		return 0, damaged(db.path, err)
	case string(name) != db.name:
		return 0, damaged(db.path, fmt.Errorf("%w: it holds %q, not %q", ErrDamaged, name, db.name))
	case have > uint64(db.schema.Version):
		return 0, newer(db.path, "version", have, db.schema.Version)
	case have < 1:
		return 0, damaged(db.path, fmt.Errorf("%w: version 0", ErrDamaged))
	}
	return int(have), nil
}

func newer(path, what string, have uint64, known int) error {
	return fmt.Errorf("open %s: %w (%s %d, this one knows %d); update the program", path, ErrNewer, what, have, known)
}

func damaged(path string, err error) error {
	if !errors.Is(err, ErrDamaged) {
		err = fmt.Errorf("%w: %v", ErrDamaged, err)
	}
	return fmt.Errorf("open %s: %w; %s", path, err, Kind().Advice)
}

func (tx *Tx) metaNumber(key string) (uint64, error) {
	meta, err := tx.bucket(metaBucket)
	if err != nil {
		return 0, err
	}
	content, err := meta.get([]byte(key))
	if err == nil && len(content) != 8 {
		err = fmt.Errorf("%w: no %s", ErrDamaged, key)
	}
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint64(content), nil
}

func (tx *Tx) setMeta(key string, content []byte) error {
	meta, err := tx.bucket(metaBucket)
	if err != nil {
		return err
	}
	return meta.put([]byte(key), append(make([]byte, entryHeader), content...))
}

// differences returns the buckets that the file lacks, and those of indexes
// that its tables no longer have, which nobody would keep in step.
func (db *DB) differences(tx *Tx) (missing, spare []string, err error) {
	want := map[string]bool{}
	tables := map[string]bool{}
	for _, t := range db.schema.Tables {
		for i, name := range t.buckets() {
			want[name] = true
			tables[name] = i == 0
			if tx.bolt.Bucket([]byte(name)) == nil {
				missing = append(missing, name)
			}
		}
	}
	names, err := tx.names()
	for _, name := range names {
		table, _, isIndex := strings.Cut(name, ".")
		if isIndex && tables[table] && !want[name] {
			spare = append(spare, name)
		}
	}
	return missing, spare, err
}

// names returns the names of all buckets, in order.
func (tx *Tx) names() ([]string, error) {
	var names []string
	c := tx.bolt.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if v != nil {
			return nil, fmt.Errorf("%w: %q stands beside the tables", ErrDamaged, k)
		}
		names = append(names, string(k))
	}
	return names, nil
}

// prepare makes what is missing in the file, removes what is not kept any
// more, migrates, and records the version.
func (db *DB) prepare(tx *Tx) error {
	have := db.schema.Version
	if tx.bolt.Bucket([]byte(metaBucket)) == nil {
		if err := tx.begin(db.name); err != nil {
			return err
		}
	} else {
		var err error
		if have, err = db.version(tx); err != nil {
			return err
		}
	}
	missing, spare, err := db.differences(tx)
	if err != nil {
		return err
	}
	for _, name := range spare {
		if err := tx.drop(name); err != nil {
			return err
		}
	}
	for _, name := range missing {
		if err := tx.create(name); err != nil {
			return err
		}
	}
	for v := have; v < db.schema.Version; v++ {
		if err := db.schema.Migrations[v-1](tx); err != nil {
			return fmt.Errorf("migrate %s from version %d to %d, which leaves it as it was: %w", db.path, v, v+1, err)
		}
	}
	if err := db.fill(tx, missing); err != nil {
		return err
	}
	return tx.setMeta(schemaKey, binary.BigEndian.AppendUint64(nil, uint64(db.schema.Version)))
}

// begin writes what a new file says of itself.
func (tx *Tx) begin(name string) error {
	return errors.Join(
		tx.create(metaBucket),
		tx.setMeta(formatKey, binary.BigEndian.AppendUint64(nil, fileFormat)),
		tx.setMeta(nameKey, []byte(name)),
	)
}

// fill writes the indexes of tables that have got a new one.
func (db *DB) fill(tx *Tx, missing []string) error {
	for _, t := range db.schema.Tables {
		names := t.buckets()
		isNew := func(name string) bool { return slices.Contains(missing, name) }
		if !slices.ContainsFunc(names[1:], isNew) {
			continue
		}
		if err := t.reindex(tx); err != nil {
			return err
		}
	}
	return nil
}
