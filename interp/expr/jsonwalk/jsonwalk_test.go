package jsonwalk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
)

func attr(name string) Step { return Step{Name: name, Index: -1, Attribute: true} }
func elem(i int) Step       { return Step{Name: fmt.Sprint(i), Index: i} }

func TestFind(t *testing.T) {
	for _, test := range []struct {
		doc  string
		path []Step
		want string
		err  error
	}{
		{`{"a":1}`, []Step{attr("a")}, `1`, nil},
		{" \t\r\n{ \"a\" : [ 1 , {\"b\":\"x\\\"]\"} ] } ", []Step{attr("a"), elem(1), attr("b")}, `"x\"]"`, nil},
		{`{"a":{"b":1},"a":{"c":2}}`, []Step{attr("a"), attr("b")}, ``, ErrMissing},
		{`{"a":{"c":1},"a":{"b":2}}`, []Step{attr("a"), attr("b")}, `2`, nil},
		{`{"a":{"b":1},"a":3}`, []Step{attr("a"), attr("b")}, ``, ErrScalar},
		{`{"a":null}`, []Step{attr("a"), attr("b")}, ``, ErrNull},
		{`{"a":null}`, []Step{attr("a")}, `null`, nil},
		{`{"\u0061\/":1}`, []Step{attr("a/")}, `1`, nil},
		{`{"a\\b":1}`, []Step{attr(`a\b`)}, `1`, nil},
		{`{"a\\b":1}`, []Step{attr(`a\\b`)}, ``, ErrMissing},
		{"{\"e\u0301\":1}", []Step{attr("é")}, `1`, nil},
		{`{"":1}`, []Step{attr("")}, `1`, nil},
		{`[1,2]`, []Step{attr("1")}, ``, ErrScalar},
		{`[1,2]`, []Step{elem(1)}, `2`, nil},
		{`[1,2]`, []Step{elem(2)}, ``, ErrMissing},
		{`[1,2]`, []Step{{Name: "-1", Index: -1}}, ``, ErrMissing},
		{`{"0":5}`, []Step{elem(0)}, `5`, nil},
		{`[]`, []Step{elem(0)}, ``, ErrMissing},
		{`{}`, []Step{attr("a")}, ``, ErrMissing},
		{`5`, nil, `5`, nil},
		{`{"a":1}x`, []Step{attr("a")}, ``, ErrInvalid},
		{`{"a":1,"b":tru}`, []Step{attr("a")}, ``, ErrInvalid},
		{`{"a":1,}`, []Step{attr("a")}, ``, ErrInvalid},
		{``, nil, ``, ErrInvalid},
	} {
		got, _, err := Find([]byte(test.doc), test.path)
		if string(got) != test.want || !errors.Is(err, test.err) {
			t.Errorf("%s %v: %q, %v", test.doc, test.path, got, err)
		}
	}
}

func TestBounds(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for doc, want := range map[string]bool{
		nested(1000): true, nested(1001): false, nested(1 << 20): false,
		`1e1232`: true, `1e1233`: false, `1e-1234`: false, `1e999999999`: false, `0e5`: true, `1e00000000000005`: true,
		`-0`: true, `01`: false, `1.`: false, `.1`: false, `1e`: false, `+1`: false, `-`: false, `1.5e+3`: true, `0x1`: false,
		strings.Repeat("7", 1233): true, strings.Repeat("7", 1234): false,
		"0." + strings.Repeat("0", 1232) + "1": true, "0." + strings.Repeat("0", 1233) + "1": false,
		"1." + strings.Repeat("7", 4000): true, "1." + strings.Repeat("7", 4100): false,
		strings.Repeat("7", 2000) + "e-1000": true, `0.` + strings.Repeat("0", 2000) + "1e1000": true,
		"\"a\x1f\"": false, `"\u12g4"`: false, `"\x"`: false, `"abcdefgh\`: false, "\"abcdefgh\n\"": false, "\xef\xbb\xbf1": false, "\"\xff\"": true,
	} {
		if got := Valid([]byte(doc)); got != want {
			t.Errorf("%.40q: %v", doc, got)
		}
	}
}

// TestDocument looks into documents again, after a first look or after another
// document.
func TestDocument(t *testing.T) {
	var many bytes.Buffer
	for i := range maxMembers + 1 {
		fmt.Fprintf(&many, `,"k%d":%d`, i, i)
	}
	var d Document
	for _, doc := range []string{
		`{"a":1,"b":{"c":[7,8]},"a":2,"n":null}`, `{"\u0061":1,"b":{"c":[7]}}`, "{\"e\u0301\":1}", `{}`, `[{"a":1}]`, ` "a" `, `{"a":1}x`, `{"a":1,`, ``,
		`{` + many.String()[1:] + `}`, `{"a":2` + many.String() + `}`, `{"b":{"c":[0,1]}}`,
	} {
		d.Reset([]byte(doc))
		for range 2 {
			for _, path := range [][]Step{{attr("a")}, {attr("b"), attr("c"), elem(1)}, {attr("b")}, {attr("n"), attr("x")}, {attr("k256")}, {attr("é")}, {elem(0), attr("a")}, nil} {
				want, wantFailed, wantErr := Find([]byte(doc), path)
				got, failed, err := d.Find(path)
				if string(got) != string(want) || failed != wantFailed || err != wantErr {
					t.Errorf("%.60s %v: %q, %d, %v; not %q, %d, %v", doc, path, got, failed, err, want, wantFailed, wantErr)
				}
			}
		}
	}
}

func TestElementsAndMembers(t *testing.T) {
	var got []string
	for e := range Elements([]byte(`[1, [2,3] ,{"a":"]"},"x" ]`)) {
		got = append(got, string(e))
	}
	for k, v := range Members([]byte(`{ "a" : 1,"b":{"c":2} }`)) {
		got = append(got, string(k)+"="+string(v))
	}
	if diff := cmp.Diff([]string{"1", "[2,3]", `{"a":"]"}`, `"x"`, `"a"=1`, `"b"={"c":2}`}, got); diff != "" {
		t.Error(diff)
	}
}

// oracle finds what Find should, by decoding all of doc.
func oracle(doc []byte, path []Step) (any, bool) {
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	var v any
	if !json.Valid(doc) || dec.Decode(&v) != nil {
		return nil, false
	}
	for _, s := range path {
		switch in := v.(type) {
		case map[string]any:
			v = nil
			found := false
			for _, k := range slices.Sorted(maps.Keys(in)) {
				if cty.NormalizeString(k) == s.Name {
					v, found = in[k], true
				}
			}
			if !found {
				return nil, false
			}
		case []any:
			if s.Attribute || s.Index < 0 || s.Index >= len(in) {
				return nil, false
			}
			v = in[s.Index]
		default:
			return nil, false
		}
	}
	return v, true
}

// decode is the value of JSON, read by this package.
func decode(raw []byte) any {
	switch raw[0] {
	case '"':
		return string(Text(raw))
	case '{':
		all := map[string]any{}
		for k, v := range Members(raw) {
			all[string(Text(k))] = decode(v)
		}
		return all
	case '[':
		all := []any{}
		for v := range Elements(raw) {
			all = append(all, decode(v))
		}
		return all
	case 't', 'f':
		return raw[0] == 't'
	case 'n':
		return nil
	}
	return json.Number(raw)
}

// excessive reports whether doc goes beyond the bounds of this package.
func excessive(doc []byte) bool {
	depth, deepest := 0, 0
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	for {
		tok, err := dec.Token()
		if err != nil {
			return deepest > maxDepth
		}
		switch tok := tok.(type) {
		case json.Delim:
			if tok == '[' || tok == '{' {
				depth++
			} else {
				depth--
			}
			deepest = max(deepest, depth)
		case json.Number:
			f, _, err := big.ParseFloat(string(tok), 10, 64, big.ToNearestEven)
			if err != nil || len(tok) > maxNumber || f.MantExp(nil) > 4090 || f.MantExp(nil) < -4090 || len(tok) > 300 || strings.Contains(strings.ToLower(string(tok)), "e") {
				return true
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, doc := range []string{`{"a":[{"b":1.5,"c":"\ud83d\ude00\ud800x"},null,true],"a":{"b":"é"}}`, "[[[\"\xff\\u00e9\"]]] ", `{"\u0061":{"0":1}}`, `[1,2,`, `-0.0`} {
		f.Add([]byte(doc), "a", 0, "b")
	}
	f.Fuzz(func(t *testing.T, doc []byte, first string, index int, last string) {
		if excessive(doc) {
			Valid(doc)
			return
		}
		path := []Step{attr(cty.NormalizeString(first)), {Name: fmt.Sprint(index), Index: max(index, -1)}, attr(cty.NormalizeString(last))}
		var looked Document
		looked.Reset(doc)
		for n := range len(path) + 1 {
			want, ok := oracle(doc, path[:n])
			got, failed, err := Find(doc, path[:n])
			again, failedAgain, errAgain := looked.Find(path[:n])
			if string(got) != string(again) || failed != failedAgain || err != errAgain {
				t.Fatalf("%q %v: %q, %d, %v; of a document %q, %d, %v", doc, path[:n], got, failed, err, again, failedAgain, errAgain)
			}
			if ok != (err == nil) {
				t.Fatalf("%q %v: %q, %v; the oracle gives %v, %v", doc, path[:n], got, err, want, ok)
			}
			if err == nil {
				if diff := cmp.Diff(want, decode(got)); diff != "" {
					t.Errorf("%q %v: %s", doc, path[:n], diff)
				}
			}
		}
	})
}

// body is an answer of 250 bytes.
const body = `{"id":184467,"title":"Prepare the quarterly report","status":"open","priority":3,"tags":["load","quarter"],"owner":{"id":42,"name":"Ada Lovelace","email":"ada@example.com"},"created_at":"2026-11-25T09:30:00Z","done":false,"comments":[],"score":12.75}`

// BenchmarkDocument looks for a second time.
func BenchmarkDocument(b *testing.B) {
	var d Document
	d.Reset([]byte(body))
	path := []Step{attr("owner"), attr("email")}
	d.Find(path)
	b.ReportAllocs()
	for b.Loop() {
		d.Find(path)
	}
}

func BenchmarkFind(b *testing.B) {
	for name, path := range map[string][]Step{"id": {attr("id")}, "owner.email": {attr("owner"), attr("email")}} {
		b.Run(name, func(b *testing.B) {
			doc := []byte(body)
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				Find(doc, path)
			}
		})
	}
}
