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
