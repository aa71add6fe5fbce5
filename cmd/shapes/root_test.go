package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/engine"
)

func TestUsageErrors(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"", "no command given"},
		{"bulid", `unknown command "bulid"; did you mean "build"?`},
		{"build", "build needs an INPUT"},
		{"build sample", "build needs -o OUT"},
		{"build sample -o a.zip", "cannot write .zip"},
		{"build a.json -o a.json", "cannot write .json"},
		{"build ./tiles -o tiles", "is an input as well"},
		{"build a.json -o a.pmtiles --stats ./a.json", "--stats"},
		{"build a.json -o a.pmtiles --stats a.pmtiles", "is the output as well"},
		{"build sample -o a.pmtiles --minzoom 19", `"--minzoom" flag: must be a whole number from 0 to 18`},
		{"build sample -o a.pmtiles --maxzoom x", `"--maxzoom" flag: must be a whole number from 0 to 18`},
		{"build sample -o a.pmtiles --minzoom 5 --maxzoom 4", "--maxzoom 4: must be from --minzoom (5) to 18"},
		{"build sample -o a.pmtiles --tolerance 0", `"--tolerance" flag: must be a number from 0.01 to 64`},
		{"build sample -o a.pmtiles --tolerance NaN", `"--tolerance" flag: must be a number`},
		{"build sample -o a.pmtiles --buffer 257", `"--buffer" flag: must be a whole number from 0 to 256`},
		{"build sample -o a.pmtiles --workers 0", `"--workers" flag: must be a whole number from 1 to 256`},
		{"build sample -o a.pmtiles --memory 63", `"--memory" flag: must be a whole number from 64 to 1048576`},
		{"build sample -o a.pmtiles --small tiny", `"--small" flag: must be one of fit, keep, drop`},
		{"build sample -o a.pmtiles --min-area 4", "--min-area: works with --small drop only"},
		{"build sample -o a.pmtiles --min-area -1 --small drop", `"--min-area" flag: must be a number from 0 to 16777216`},
		{"build sample -o a.pmtiles --algorithm fast", `"--algorithm" flag: must be one of douglas-peucker, visvalingam`},
		{"build sample -o a.pmtiles --attributes name,,code", "a name is empty"},
		{"build -o a.pmtiles --layer towns", `--layer "towns": must be NAME=FILE`},
		{"build -o a.pmtiles --layer =f.zip", "must be NAME=FILE"},
		{"build sample -o a.pmtiles --colour red", "unknown flag: --colour"},
		{"render", "render needs exactly one IN, got 0"},
		{"render a b -o m.png", "render needs exactly one IN, got 2"},
		{"render a", "render needs -o MAP.png"},
		{"render a -o m.jpg", "render needs -o MAP.png"},
		{"render a -o m.png --size 0x9", `"--size" flag: must be WIDTHxHEIGHT`},
		{"render a -o m.png --size 1280", `"--size" flag: must be WIDTHxHEIGHT`},
		{"render a -o m.png --center 181,0", `"--center" flag: must be LON,LAT`},
		{"render a -o m.png --center NaN,0", `"--center" flag: must be LON,LAT`},
		{"render a -o m.png --zoom 23", `"--zoom" flag: must be a number from 0 to 20`},
		{"render a -o m.png --theme blue", `"--theme" flag: must be one of light, dark`},
		{"render a -o m.png --lang fr", `"--lang" flag: must be one of en, ja, local`},
		{"inspect", "inspect needs exactly one IN"},
		{"inspect a --tile 1/2/0", `"--tile" flag: must be z/x/y`},
		{"inspect a --tile 1/1", `"--tile" flag: must be z/x/y`},
		{"inspect a --tile 300/0/0", `"--tile" flag: must be z/x/y`},
		{"inspect testdata/no.mvt --tile 0/0/0", "is a single tile"},
		{"node lss", `unknown command "lss"; did you mean "ls"? (shapes node --help lists them)`},
		{"node ls a --trash", "give no REF"},
		{"node ls a --search b", "give neither REF nor --trash"},
		{"node ls --search b --limit 0", `"--limit" flag: must be a whole number from 1 to 10000`},
		{"node show", "show needs exactly one REF, got 0"},
		{"node new", "new needs exactly one PATH, got 0"},
		{"node new X --source atlas", `"--source" flag: must be one of sample, local`},
		{"node new X --source gadm --select JPN:1", "must be accepted first; nothing was made (shapes sources gadm"},
		{"sources atlas", "no source that is fetched; there are naturalearth"},
		{"sources gadm atlantis", "no country is called \"atlantis\""},
		{"sources gadm --variant colour=red", "must be scale="},
		{"sources gadm --variant scale=10m", "GADM does not have that variant"},
		{"fetch gadm", "fetch needs SOURCE and at least one COUNTRY:LEVEL"},
		{"fetch gadm JPN:9", "levels are 0 to 5"},
		{"cache rm", "needs a FILE, or --unused"},
		{"node new X --source sample --file a", "--file: works with --source local only"},
		{"node new X --set vectorTiles.maxzoom", "a setting is written name=value"},
		{"node new X --set vectorTiles.maxzoom=19", "vectorTiles.maxzoom 19: must be -1 to 18"},
		{"node new X --select ITA:9", "levels are 0 to 5"},
		{"node new X --folder --draft", "a folder has no settings"},
		{"node new a/./b", `the name “.” means a folder`},
		{"node edit X", "edit needs something to change"},
		{"node edit X --discard --continue", "give no other flag"},
		{"node rm", "rm needs a REF, got 0"},
		{"node mv X", "mv needs a REF and a FOLDER, got 1"},
		{"node rename X", "rename needs a REF and a NAME, got 1"},
		{"node undo 3", `undo takes no argument, got "3"`},
		{"node undo -n 0", `"-n, --number" flag: must be a whole number from 1 to 100`},
		{"node export X", "export needs -o FILE.zip"},
		{"node import X --on-conflict merge", "must be one of skip, replace, rename"},
		{"run", "run needs exactly one REF, got 0"},
		{"run X --data-dir=", "--data-dir needs a folder"},
		{"session pause", "pause needs exactly one ID, got 0"},
		{"session ls X", `ls takes no argument, got "X"`},
		{"sweep now", `sweep takes no argument, got "now"`},
		{"check --rescue all", "must be one of backup, empty"},
	} {
		eng := &fakeEngine{}
		code, out, errs := shapes(t, eng, strings.Fields(c.line)...)
		if code != 2 || !strings.Contains(errs, c.want) {
			t.Errorf("shapes %s: exit %d, want 2 and %q in:\n%s", c.line, code, c.want, errs)
		}
		if c.line != "" && (strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "shapes: ")) {
			t.Errorf("shapes %s: want one line from shapes:, got:\n%s", c.line, errs)
		}
		if out != "" || eng.built > 0 || eng.opened != "" {
			t.Errorf("shapes %s: did something: %q, %+v", c.line, out, eng)
		}
	}
}

func TestHelpAndVersion(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"--help", "shapes build sample -o world.pmtiles"},
		{"build --help", "--tolerance"},
		{"render --help", "--center"},
		{"inspect --help", "--tile"},
		{"node --help", "empty-trash"},
		{"node ls --help", "tile_bytes"},
		{"run --help", "--fresh"},
		{"session --help", "discard"},
		{"session ls --help", "worked_seconds"},
		{"sweep --help", "dry_run"},
		{"check --help", "findings"},
		{"--version", "shapes " + engine.Version},
		{"completion bash", "bash completion"},
		{"__completeNoDesc build --small d", "drop"},
		{"__completeNoDesc render x --lang l", "local"},
		{"__completeNoDesc build s", "sample"},
	} {
		code, out, errs := shapes(t, &fakeEngine{}, strings.Fields(c.line)...)
		if code != 0 || (errs != "" && !strings.HasPrefix(c.line, "__")) || !strings.Contains(out, c.want) {
			t.Errorf("shapes %s: exit %d, stderr %q, want %q in:\n%s", c.line, code, errs, c.want, out)
		}
	}
}

func TestErrorLine(t *testing.T) {
	if got := errorLine(errFake); got != "shapes: decode layer adm1: unexpected end" {
		t.Errorf("got %q", got)
	}
	cancelled := fmt.Errorf("stage simplify1: %w", context.Canceled)
	if got := errorLine(cancelled); !strings.Contains(got, "interrupted") {
		t.Errorf("got %q", got)
	}
	if exitCode(cancelled) != 1 {
		t.Error("an interrupted command has not done its work: exit 1")
	}
}
