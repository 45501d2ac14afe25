package plan

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// WriteJSONSchema writes the JSON Schema (draft-07) of plans and libraries in
// YAML and JSON, for editors that complete and check while one types. It is
// made from [Schema], so it knows what the program knows; what takes more than
// one value to see is left to the program. The error is the writer's.
//
// A block with a label is an object whose keys are labels, below each of which
// stands an object or a list of them; one without is an object, or a list of
// them where several may stand. Wherever a value must be
// known before or during the run it may also be a text with ${…} in it.
func WriteJSONSchema(w io.Writer) error {
	s := schemaWriter{definitions: map[string]any{
		"template":  object{"type": "string", "pattern": templatePattern, "description": "A text with ${…} in it."},
		"reference": object{"type": "string", "pattern": referencePattern, "description": "The name of a block: host.api."},
	}}
	root := s.body(Schema(), "")
	root["$schema"] = "http://json-schema.org/draft-07/schema#"
	root["title"] = "bossplan"
	root["type"] = "object"
	root["properties"].(object)["$schema"] = object{"type": "string", "description": "Where this schema is."}
	root["definitions"] = s.definitions
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(root)
}

// An object is one of JSON; it is written with its keys sorted.
type object = map[string]any

const (
	templatePattern  = `\$\{|%\{`
	referencePattern = `^(\$\{)?\s*[a-z_]+\.`
	labelPattern     = `^[A-Za-z_ª-ￜ][A-Za-z0-9_ª-ￜ-]*$`
)

// A schemaWriter collects the definitions of blocks, by their paths.
type schemaWriter struct{ definitions object }

// body is what may stand in a block.
func (s *schemaWriter) body(b *Block, path string) object {
	out := object{"description": b.Doc, "type": []string{"object", "null"}}
	if len(b.Attributes) == 0 && len(b.Blocks) == 0 {
		out["propertyNames"] = object{"pattern": labelPattern}
		return out
	}
	properties := object{}
	var required []string
	for i := range b.Attributes {
		a := &b.Attributes[i]
		properties[a.Name] = attributeSchema(a)
		if a.Required {
			required = append(required, a.Name)
		}
	}
	for _, inner := range b.Blocks {
		properties[inner.Name] = s.block(inner, strings.TrimPrefix(path+"."+inner.Name, "."))
	}
	out["properties"], out["additionalProperties"] = properties, false
	if len(required) > 0 {
		out["required"], out["type"] = required, "object"
	}
	return out
}

// block is what the name of a block introduces.
func (s *schemaWriter) block(b *Block, path string) object {
	s.definitions[path] = s.body(b, path)
	ref := object{"$ref": "#/definitions/" + path}
	several := []object{ref, {"type": "array", "items": ref}}
	switch {
	case len(b.Labels) > 0:
		labels := object{}
		for _, label := range b.Labels {
			labels[label] = object{"anyOf": several}
		}
		return object{"description": b.Doc, "type": []string{"object", "null"}, "properties": labels, "additionalProperties": false}
	case b.Label != "":
		out := object{"description": b.Doc, "type": []string{"object", "null"}, "additionalProperties": object{"anyOf": several}}
		if !b.FreeLabel {
			out["propertyNames"] = object{"pattern": labelPattern}
		}
		return out
	case b.Single:
		return ref
	}
	return object{"description": b.Doc, "anyOf": several}
}

// attributeSchema is what an attribute may hold. Null is the same as leaving it
// out.
func attributeSchema(a *Attribute) object {
	shapes := shapesOf(a)
	if !a.Required && len(shapes) > 0 {
		shapes = append(shapes, object{"type": "null"})
	}
	out := object{"description": a.Doc}
	if len(shapes) > 0 {
		out["anyOf"] = shapes
	}
	if a.Default != "" {
		out["default"] = defaultOf(a)
	}
	return out
}

// defaultOf is an attribute's default as JSON has it.
func defaultOf(a *Attribute) any {
	switch n, err := strconv.ParseFloat(a.Default, 64); {
	case a.Kind == KindBool:
		return a.Default == "true"
	case err == nil && (a.Kind == KindNumber || a.Kind == KindInteger || a.Kind == KindTimes):
		return n
	}
	return a.Default
}

func template() object { return object{"$ref": "#/definitions/template"} }

func reference() object { return object{"$ref": "#/definitions/reference"} }

func pattern(p string) object { return object{"type": "string", "pattern": p} }

// plain is a value that can be written as a text.
func plain() object { return object{"type": []string{"string", "number", "boolean"}} }

// mapOf is a map whose values have one of some shapes; null leaves one out.
func mapOf(values ...object) object {
	return object{"type": "object", "additionalProperties": object{"anyOf": append(values, object{"type": "null"})}}
}

// shapesOf are the shapes of what an attribute may hold, besides null; none at
// all: anything.
func shapesOf(a *Attribute) []object {
	switch a.Kind {
	case KindText, KindTemplate, KindFile, KindSource, KindVersion:
		return textShapes(a)
	case KindBool, KindCondition, KindVerdict:
		return []object{{"type": "boolean"}, {"enum": []string{"true", "false"}}, template()}
	case KindNumber, KindInteger, KindTimes, KindReading:
		return []object{numberShape(a), pattern(`^-?[0-9]+(\.[0-9]+)?$`), template()}
	case KindReference, KindMetric, KindReferences:
		return referenceShapes(a.Kind)
	case KindTexts, KindFields, KindParts, KindValues, KindEach, KindLines, KindStatuses, KindRows:
		return collectionShapes(a.Kind)
	case KindCapture:
		return []object{plain()}
	case KindType:
		return []object{{"type": "string"}}
	case KindAny, KindJSON:
		return nil
	}
	return quantityShapes(a)
}

// textShapes are those of a text, or of one of a few.
func textShapes(a *Attribute) []object {
	if len(a.Values) == 0 {
		return []object{plain()}
	}
	var values []any
	for _, text := range a.Values {
		values = append(values, text)
		if n, err := strconv.ParseFloat(text, 64); err == nil { // http: 1.1
			values = append(values, n)
		}
	}
	return []object{{"enum": values}, template()}
}

// numberShape is that of a number between its limits.
func numberShape(a *Attribute) object {
	shape := object{"type": "number"}
	if a.Kind == KindInteger || a.Kind == KindTimes {
		shape["type"] = "integer"
	}
	if a.Max != 0 {
		shape["minimum"], shape["maximum"] = a.Min, a.Max
	}
	return shape
}

func referenceShapes(k Kind) []object {
	switch k {
	case KindReferences:
		return []object{{"type": "array", "items": reference()}, template()}
	case KindMetric:
		return []object{pattern(`^(\$\{)?\s*(metric|probe)[.\[]`)}
	}
	return []object{reference()}
}

// collectionShapes are those of lists and maps. One that is computed as a whole
// is a text with ${…}.
func collectionShapes(k Kind) []object {
	switch k {
	case KindValues:
		return []object{{"type": "object"}}
	case KindEach:
		return []object{{"type": "object"}, template()}
	case KindLines:
		return []object{{"type": "array", "items": plain()}, template()}
	case KindRows:
		return []object{{"type": "array"}, template()}
	case KindStatuses:
		code := object{"type": "integer", "minimum": 100, "maximum": 599}
		items := object{"anyOf": []object{code, pattern(`^\s*[1-5][0-9]{2}\s*(-\s*[1-5][0-9]{2}\s*)?$`), template()}}
		return []object{{"type": "array", "minItems": 1, "items": items}, template()}
	case KindParts:
		file := object{
			"type":                 "object",
			"properties":           object{"file": plain(), "value": plain(), "filename": plain(), "content_type": plain()},
			"additionalProperties": false,
		}
		return []object{mapOf(plain(), file)}
	}
	return []object{mapOf(plain()), template()}
}

// quantityShapes are those of what has a unit, and of other texts with a form
// of their own.
func quantityShapes(a *Attribute) []object {
	const number = `[0-9]+(\.[0-9]+)?`
	rate := pattern(`^` + number + `/(s|min|h)$`)
	switch a.Kind {
	case KindDuration:
		return []object{pattern(`^` + number + `$|^(` + number + `(h|ms|m|s|us|µs|μs|ns))+$`), {"type": "number", "minimum": 0}, template()}
	case KindRate:
		return []object{rate, template()}
	case KindSpeed:
		return []object{rate, pattern(`^` + number + `$`), {"type": "number", "minimum": 0}, template()}
	case KindSharing:
		count := object{"type": "integer", "minimum": a.Min, "maximum": a.Max}
		return []object{{"enum": []string{"per_user"}}, count, pattern(`^[0-9]+$`), template()}
	case KindBound:
		return []object{pattern(`^\s*(<=?|>=?|==)\s*[0-9]`), template()}
	case KindWait:
		return []object{pattern(`^(\$\{)?\s*(` + strings.Join(waitNames(), "|") + `)\s*\(`)}
	case KindWindow:
		return []object{pattern(`^\s*[0-9]{1,2}:[0-9]{2}\s*-\s*[0-9]{1,2}:[0-9]{2}\s+\S+\s*$`), template()}
	}
	return nil
}
