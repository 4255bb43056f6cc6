#compdef oai-upload
# zsh completion for oai-upload

_oai_upload() {
  local line
  local -a answer candidates
  answer=("${(@f)$(oai-upload __complete $((CURRENT - 2)) "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
  for line in "${(@)answer[1,-2]}"; do
    candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done
  (( $#candidates )) && _describe -V oai-upload candidates
  [[ $PREFIX == --*=* ]] && compset -P '*='
  case $answer[-1] in
    :files) _files ;;
    :folders) _files -/ ;;
  esac
}

if [[ $funcstack[1] == _oai_upload || $funcstack[1] == _oai-upload ]]; then
  _oai_upload "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _oai_upload oai-upload
fi
