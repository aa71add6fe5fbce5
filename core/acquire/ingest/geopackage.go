package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the "sqlite" driver

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// gpkgReader reads the feature tables of a GeoPackage.
type gpkgReader struct {
	c     *collector
	in    *input
	db    *sql.DB
	total int64 // rows in all layers
	done  int64
}

// gpkgLayer is a table of features.
type gpkgLayer struct {
	name     string
	geometry string // column
	srs      int64
	id       string // integer primary key column, "" if none
	columns  []gpkgColumn
}

type gpkgColumn struct {
	key  *key
	kind string // declared type, upper case
}

func readGeoPackage(c *collector, in *input, path string) error {
	c.sum.Format = "GeoPackage"
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	address := url.URL{
		Scheme: "file", Path: filepath.ToSlash(abs),
		RawQuery: "mode=ro&immutable=1&_pragma=trusted_schema(0)&_pragma=query_only(1)&_pragma=cell_size_check(1)",
	}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	g := &gpkgReader{c: c, in: in, db: db}
	if err := g.read(in.ctx); err != nil {
		return g.reword(err)
	}
	return nil
}

// reword tells errors of the database from ours.
func (g *gpkgReader) reword(err error) error {
	if g.in.ctx.Err() != nil {
		return g.in.ctx.Err()
	}
	if g.c.isOurs(err) || errors.Is(err, ErrDamaged) || errors.Is(err, ErrFormat) || errors.Is(err, ErrProjection) {
		return err
	}
	return fmt.Errorf("%w: the GeoPackage cannot be read (%w; %s); fetch or export it again", ErrDamaged, err, g.c.lastWhole())
}

func (g *gpkgReader) read(ctx context.Context) error {
	layers, err := g.layers(ctx)
	if err != nil {
		return err
	}
	if len(layers) == 0 {
		return fmt.Errorf("%w: the database has no feature tables of a GeoPackage; %s", ErrFormat, readable)
	}
	for i := range layers {
		if err := g.describe(ctx, &layers[i]); err != nil {
			return err
		}
	}
	for _, l := range layers {
		if len(layers) == 1 {
			g.c.singleLayer()
		} else {
			g.c.startLayer(l.name)
		}
		if err := g.layer(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// layers lists the feature tables in the order they were registered.
func (g *gpkgReader) layers(ctx context.Context) ([]gpkgLayer, error) {
	var known int
	err := g.db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master
		WHERE name IN ('gpkg_contents', 'gpkg_geometry_columns')`).Scan(&known)
	if err != nil || known < 2 {
		return nil, err
	}
	rows, err := g.db.QueryContext(ctx, `SELECT c.table_name, g.column_name, g.srs_id
		FROM gpkg_contents c JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
		WHERE c.data_type = 'features' ORDER BY c.rowid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var layers []gpkgLayer
	for rows.Next() {
		var l gpkgLayer
		if err := rows.Scan(&l.name, &l.geometry, &l.srs); err != nil {
			return nil, err
		}
		layers = append(layers, l)
	}
	return layers, rows.Err()
}

// describe finds l's columns and counts its rows.
func (g *gpkgReader) describe(ctx context.Context, l *gpkgLayer) error {
	rows, err := g.db.QueryContext(ctx, `SELECT name, upper(type), pk FROM pragma_table_info(?)`, l.name)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name, kind string
		var pk int
		if err := rows.Scan(&name, &kind, &pk); err != nil {
			return err
		}
		switch {
		case strings.EqualFold(name, l.geometry):
		case pk == 1 && kind == "INTEGER" && l.id == "":
			l.id = name
		default:
			l.columns = append(l.columns, gpkgColumn{key: g.c.keys.key([]byte(name)), kind: kind})
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	var count int64
	err = g.db.QueryRowContext(ctx, `SELECT count(*) FROM `+quoteName(l.name)).Scan(&count)
	g.total += count
	return err
}

// quoteName makes an SQL name of text from the file.
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// project finds the layer's reference system.
func (g *gpkgReader) project(ctx context.Context, srs int64) (projection, error) {
	switch srs {
	case 4326, 0: // 0: geographic, not said which
		return nil, nil
	case -1:
		return nil, fmt.Errorf("%w: layer %s says its plane is undefined (srs -1); set its system and export it as WGS 84", ErrProjection, g.c.layer)
	}
	var definition string
	err := g.db.QueryRowContext(ctx, `SELECT definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?`, srs).Scan(&definition)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("%w: layer %s has the system %d, which the file does not define", ErrProjection, g.c.layer, srs)
	}
	if err != nil {
		return nil, err
	}
	p, err := wktProjection(definition)
	if err != nil {
		return nil, fmt.Errorf("layer %s: %w", g.c.layer, err)
	}
	return p, nil
}

// layer reads the rows of one table.
func (g *gpkgReader) layer(ctx context.Context, l gpkgLayer) error {
	var err error
	if g.c.project, err = g.project(ctx, l.srs); err != nil {
		return err
	}
	rows, err := g.db.QueryContext(ctx, l.query())
	if err != nil {
		return err
	}
	defer rows.Close()
	row := newGpkgRow(len(l.columns))
	for rows.Next() {
		if err := rows.Scan(row.targets...); err != nil {
			return err
		}
		if err := g.emit(l, row); err != nil {
			return err
		}
		g.done++
		if g.done%256 == 0 && g.total > 0 {
			g.in.report(int64(float64(g.in.src.size) * float64(g.done) / float64(g.total)))
		}
	}
	return rows.Err()
}

// query selects id, geometry and the wanted attributes. Each is an expression
// (unary plus), so that the driver hands over the value stored and does not
// turn dates into times by the column's declared type.
func (l *gpkgLayer) query() string {
	var b strings.Builder
	b.WriteString("SELECT ")
	if l.id != "" {
		b.WriteString("+" + quoteName(l.id))
	} else {
		b.WriteString("0")
	}
	b.WriteString(", +" + quoteName(l.geometry))
	for _, c := range l.columns {
		if c.key.wanted {
			b.WriteString(", +" + quoteName(c.key.name))
		} else {
			b.WriteString(", NULL")
		}
	}
	b.WriteString(" FROM " + quoteName(l.name))
	if l.id != "" {
		b.WriteString(" ORDER BY " + quoteName(l.id))
	}
	return b.String()
}

// gpkgRow is scratch for one row.
type gpkgRow struct {
	id       sql.NullInt64
	geometry sql.RawBytes
	values   []any
	targets  []any
}

func newGpkgRow(columns int) *gpkgRow {
	r := &gpkgRow{values: make([]any, columns)}
	r.targets = append(r.targets, &r.id, &r.geometry)
	for i := range r.values {
		r.targets = append(r.targets, &r.values[i])
	}
	return r
}

// emit passes one row on.
func (g *gpkgReader) emit(l gpkgLayer, row *gpkgRow) error {
	if len(row.geometry) > 0 {
		w := wkbReader{c: g.c, b: row.geometry}
		if err := w.geoPackage(); err != nil {
			var limit *LimitError
			if errors.As(err, &limit) {
				return err
			}
			g.c.shape.reset()
			g.c.dropGeometry(err.Error())
		}
	}
	g.c.attrs.reset()
	for i, c := range l.columns {
		if v, ok := g.value(c, row.values[i]); ok {
			g.c.attrs.add(c.key, v)
		}
	}
	id := uint64(0)
	if row.id.Valid && row.id.Int64 > 0 && row.id.Int64 <= maxSafeID {
		id = uint64(row.id.Int64)
	}
	return g.c.emit(id, g.c.attrs.list)
}

// value turns what the driver gave for a column into a Value.
func (g *gpkgReader) value(c gpkgColumn, v any) (feature.Value, bool) {
	switch v := v.(type) {
	case nil:
		return feature.Value{}, false
	case int64:
		if strings.HasPrefix(c.kind, "BOOL") && (v == 0 || v == 1) {
			return feature.BoolValue(v == 1), true
		}
		return feature.IntValue(v), true
	case float64:
		return feature.FloatValue(v), true
	case bool:
		return feature.BoolValue(v), true
	case string:
		if clean := strings.ToValidUTF8(v, "\uFFFD"); clean != v {
			g.c.attrFault(feature.FaultText, c.key.name)
			v = clean
		}
		return feature.StringValue(v), true
	}
	g.c.attrFault(feature.FaultAttribute, c.key.name+" is binary; dropped")
	return feature.Value{}, false
}
