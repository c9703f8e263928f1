# common.jq: functions every channel pack may use.

# one or many: a value, a list, or nothing
def list: if type == "array" then .[] elif . == null then empty else . end;
# the first of a list, or the value itself
def first_of: if type == "array" then .[0] else . end;
# drops empty strings, so that `//` goes on to the next choice
def filled: if . == "" then null else . end;
# the words of an XML element, of a JSON value wrapped as {label: …}, or the value itself
def words: first_of | if type == "object" then (."#" // .label // ."@value" // .name) else . end;
# key=value of a URL's query
def query($name): capture("[?&]" + $name + "=(?<v>[^&#]*)").v // null;
