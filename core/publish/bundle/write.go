package bundle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/klauspost/compress/zip"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

// Write makes the archive at path, which appears whole or not at all. tiles
// opens the tileset of a node whose Tiles is set, as a file of the kind that
// the program keeps; Write closes it. Errors are those of m (a node that no
// archive can hold), of tiles and of the disk, and the context's.
func Write(ctx context.Context, path string, m Manifest, tiles func(node string) (io.ReadCloser, error)) error {
	f, err := atomicfile.Create(path)
	if err != nil {
		return err
	}
	if err := WriteTo(ctx, f, m, tiles); err != nil {
		return errors.Join(atomicfile.Explain("export to "+path, err), f.Abort())
	}
	return f.Commit()
}

// WriteTo writes the archive to w. See Write.
func WriteTo(ctx context.Context, w io.Writer, m Manifest, tiles func(node string) (io.ReadCloser, error)) error {
	if err := checkShapes(m.Nodes); err != nil {
		return err
	}
	created := m.Created.UTC().Truncate(time.Second)
	zw := &writer{zip.NewWriter(w), created}
	out := manifest{Format: Format, Version: Version, Generator: m.Generator, Created: created, Nodes: []manifestNode{}}
	for _, n := range m.Nodes {
		out.Nodes = append(out.Nodes, manifestNode{
			n.ID, n.Parent, string(n.Type), n.Name, n.Description, n.Created.UTC(), n.Updated.UTC(), n.Tiles,
		})
	}
	if err := zw.json(manifestEntry, out); err != nil {
		return err
	}
	for _, n := range m.Nodes {
		if n.Shape == nil {
			continue
		}
		if err := zw.json(recipeEntry(n.ID), write(n.Shape)); err != nil {
			return err
		}
	}
	for _, n := range m.Nodes {
		if !n.Tiles {
			continue
		}
		if err := zw.tiles(ctx, n.ID, tiles); err != nil {
			return fmt.Errorf("tiles of %q: %w", n.Name, err)
		}
	}
	return zw.zip.Close()
}

// checkShapes is check, and that shapes have settings and folders none, which
// a reader would find missing.
func checkShapes(nodes []Node) error {
	if err := check(nodes); err != nil {
		return err
	}
	for i := range nodes {
		n := &nodes[i]
		if (n.Shape != nil) != (n.Type == tree.Shape) {
			return fmt.Errorf("node %q: a shape has settings and a folder none", n.Name)
		}
		if n.Shape == nil {
			continue
		}
		if err := validate(n.Shape); err != nil {
			return fmt.Errorf("node %q: %w", n.Name, err)
		}
	}
	return nil
}

type writer struct {
	zip     *zip.Writer
	created time.Time
}

func (w *writer) entry(name string, method uint16) (io.Writer, error) {
	return w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: w.created})
}

func (w *writer) json(name string, v any) error {
	data, err := encode(v)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	e, err := w.entry(name, zip.Deflate)
	if err == nil {
		_, err = e.Write(data)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// tiles copies a tileset. It is not compressed again: its tiles are.
func (w *writer) tiles(ctx context.Context, id string, open func(node string) (io.ReadCloser, error)) (err error) {
	r, err := open(id)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	e, err := w.entry(tilesEntry(id), zip.Store)
	if err != nil {
		return err
	}
	_, err = io.Copy(e, &contextReader{ctx, r})
	return err
}

// contextReader ends with the context.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
