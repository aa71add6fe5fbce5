package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/shapes-desktop/shapes/core/control"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/session"
)

// midrun waits until a process runs a session in a data directory and has got
// some way with it: midrun DIR PERCENT
func midrun(ts *testscript.TestScript, _ bool, args []string) {
	percent, err := strconv.ParseFloat(args[1], 64)
	ts.Check(err)
	dir := ts.MkAbs(args[0])
	for range 12_000 {
		if client, err := dial(context.Background(), dir); err == nil {
			all, err := client.Sessions(context.Background())
			if err == nil && len(all) > 0 && all[0].Status == session.Running && all[0].Progress.Overall >= percent {
				return
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	ts.Fatalf("no session in %s has come to %v %%", dir, percent)
}

// sametiles asserts that a node has just the tiles of an archive, byte for
// byte: sametiles DIR REF ARCHIVE
func sametiles(ts *testscript.TestScript, _ bool, args []string) {
	e, err := engine.Open(context.Background(), ts.MkAbs(args[0]), slog.New(slog.DiscardHandler))
	ts.Check(err)
	defer e.Close()
	n, err := e.Find(context.Background(), args[1])
	ts.Check(err)
	node, err := e.OpenNode(context.Background(), n.ID)
	ts.Check(err)
	defer node.Close()
	archive, err := engine.OpenTiles(context.Background(), ts.MkAbs(args[2]))
	ts.Check(err)
	defer archive.Close()
	if a, b := node.Meta(), archive.Meta(); a.MinZoom != b.MinZoom || a.MaxZoom != b.MaxZoom {
		ts.Fatalf("zooms %d to %d, want %d to %d", a.MinZoom, a.MaxZoom, b.MinZoom, b.MaxZoom)
	}
	some := 0
	for z := archive.Meta().MinZoom; z <= archive.Meta().MaxZoom; z++ {
		for x := range uint32(1) << z {
			for y := range uint32(1) << z {
				id := tile.ID{Z: z, X: x, Y: y}
				got, err := node.Tile(context.Background(), id)
				ts.Check(err)
				want, err := archive.Tile(context.Background(), id)
				ts.Check(err)
				if !bytes.Equal(got, want) {
					ts.Fatalf("tile %v differs: %d bytes, want %d", id, len(got), len(want))
				}
				some += len(want)
			}
		}
	}
	if some == 0 {
		ts.Fatalf("there are no tiles to compare")
	}
}

// setid puts the id of a node, also one in the trash, or of its session into
// a variable: setid NAME VARIABLE. It reads the JSON that the last command
// wrote to the file out.
func setid(ts *testscript.TestScript, _ bool, args []string) {
	var any struct {
		Sessions []sessionJSON `json:"sessions"`
	}
	var nodes []nodeJSON
	text := []byte(ts.ReadFile("out"))
	if json.Unmarshal(text, &nodes) == nil {
		for _, n := range nodes {
			if n.Name == args[0] {
				ts.Setenv(args[1], n.ID)
				return
			}
		}
	}
	if json.Unmarshal(text, &any) == nil {
		for _, s := range any.Sessions {
			if s.Name == args[0] {
				ts.Setenv(args[1], s.ID)
				return
			}
		}
	}
	ts.Fatalf("%s is not in %s", args[0], text)
}

// owned runs a command while this process has the data directory and answers
// nobody: owned DIR CODE shapes ARGS…
func owned(ts *testscript.TestScript, neg bool, args []string) {
	e, err := engine.Open(context.Background(), ts.MkAbs(args[0]), slog.New(slog.DiscardHandler))
	ts.Check(err)
	defer e.Close()
	exits(ts, neg, args[1:])
}

// nosocket asserts that a data directory has no socket: nosocket DIR
func nosocket(ts *testscript.TestScript, _ bool, args []string) {
	if _, err := os.Lstat(control.Path(ts.MkAbs(args[0]))); !os.IsNotExist(err) {
		ts.Fatalf("the socket is still there: %v", err)
	}
}

// flip changes a byte in the middle of a file: flip GLOB
func flip(ts *testscript.TestScript, _ bool, args []string) {
	paths, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	for _, path := range paths {
		if strings.HasSuffix(path, ".clean") {
			continue
		}
		data, err := os.ReadFile(path)
		ts.Check(err)
		for i := len(data) / 4; i < len(data)*3/4; i++ {
			data[i] ^= 0x5a
		}
		ts.Check(os.WriteFile(path, data, 0o600))
	}
	if len(paths) == 0 {
		ts.Fatalf("no file %s", args[0])
	}
}
