"""Templates with one mistake each, its place marked by ▲, and a template without any."""

from __future__ import annotations

CLEAN = """\
# 第二部分 {{ 部门名称 }}{{ 年 }}年部门预算情况说明

## 一、收入支出预算总体情况说明

{# 注释里写 {{ 什么 都行，5万元也行 #}
{{ 部门名称 }}{{ 年 }}年收入总计{{ 收入总计 | 金额 }}，{{ 收入总计 | 增减("默认", 主语="收入") }}{{ 收入总计 | 原因("。主要原因：", "；") }}。

{% if 三公经费 is not 无基数 and (三公经费 or not 公务接待费) %}
（一）“三公”经费{{ 三公经费 | 万元 }}，占{{ 三公经费 | 占比(支出合计) }}{% if 三公经费 is 增加 %}（增）{% else %}（未增）{% endif %}。
{% elif 单位个数 is 多个 %}
单价{{ 通用设备单价起点 }}以上通用设备{{ 通用设备 | 数量 }}，共{{ 单位个数 | 数量 }}，24小时办理，依据豫财〔2016〕143号和《2016年预算（试行）》。
{% endif %}

{% for 科目 in 支出功能科目 if 科目.预算数 %}
{{ loop.index }}. {{ 科目.类 }}（类）{{ 科目.预算数 | 金额 }}{{ "。" if loop.last else "；" }}
{% else %}
没有使用一般公共预算拨款安排的支出。
{% endfor %}

{% for 项目 in 重点项目 %}{% if loop.index > 1 and 项目.类别 == "特定目标类" %}、{% endif %}{{ 项目.名称 }}{% endfor %}

{% set 总额 = 支出合计 %}{{ 总额 | 金额 }}，1）甲；2）乙。{% raw %}{{ 原样 }}{% endraw %}

{{ 人员经费科目 | 列举("名称", "、") }}

:::居中 {{ 部门名称 }}
:::表 03-expenditure
"""  # noqa: E501 -- a paragraph is one line

# Rule, and a template with ▲ before the guilty character.
MISTAKES = [
    # names
    ("unknown-name", "甲\n\n共{{ ▲收入总记 | 金额 }}。"),
    ("unknown-name", "{% if 三公经费 %}甲{% else %}乙{{ ▲收入总记 | 金额 }}{% endif %}"),
    ("unknown-name", "{% if not 三公经费 and ▲收入总记 is 增加 %}甲{% endif %}"),
    ("unknown-name", "{{ 基本支出 | 占比(▲支出总合) }}"),
    ("unknown-name", "{% for 科目 in ▲支出科目表 %}{{ 科目.名称 }}{% endfor %}"),
    ("unknown-name", "{% for 科目 in 支出功能科目 %}{{ 科目.款 }}{% endfor %}{{ ▲科目.款 }}"),
    ("unknown-name", "{{ ▲項目支出 | 金额 }}"),
    ("unknown-attribute", "{% for 科目 in 支出功能科目 %}{{ 科目.▲名 }}{% endfor %}"),
    ("unknown-attribute", "{% for 项 in 项目 %}{{ loop.▲indx }}{% endfor %}"),
    ("unknown-attribute", '{{ 预算单位 | 列举(▲"名字") }}'),
    ("unknown-attribute", "{{ 主要职责 | ▲列举 }}"),
    ("unknown-attribute", "{{ 项目.▲名称 }}"),
    ("figure-attribute", "{{ 三公经费.▲金额 }}"),
    ("loop-outside-for", "{{ ▲loop.index }}"),
    ("maybe-unset", "{% if 三公经费 %}{% set 总额 = 三公经费 %}{% endif %}{{ ▲总额 | 金额 }}"),
    ("shadowed-name", "{% set ▲三公经费 = 基本支出 %}"),
    ("shadowed-name", "{% for ▲年 in 支出功能科目 %}甲{% endfor %}"),
    ("shadowed-name", "{% for 类 in 项目 %}{% for ▲类 in 项目 %}甲{% endfor %}{% endfor %}"),
    ("marks-in-name", "{{ ▲“三公”经费 | 金额 }}"),
    ("marks-in-name", '{{ 三公经费 | 占比(▲"三公"经费) }}'),
    ("marks-in-name", "{{ ▲因公出国（境）费 | 金额 }}"),
    ("marks-in-name", "{{ ▲三公·经费 | 金额 }}"),
    ("bad-name", "{{ ▲2023收入 | 金额 }}"),
    ("unstable-name", "{{ ▲ａｂｃ | 金额 }}"),
    ("invisible-character", "{{ 三公▲\u200b经费 | 金额 }}"),
    ("invisible-character", "甲\n乙▲\u200b丙"),
    ("invisible-character", "甲▲\x07乙"),
    ("byte-order-mark", "▲\ufeff# 标题"),
    # filters, tests, arguments
    ("unknown-filter", "{{ 三公经费 | ▲万 }}"),
    ("unknown-filter", "{{ 三公经费 | ▲default(0) }}"),
    ("unknown-test", "{% if 三公经费 is ▲增多 %}甲{% endif %}"),
    ("unknown-test", "{% if 三公经费 is not ▲defined %}甲{% endif %}"),
    ("unknown-frame", "{{ 三公经费 | 增减(▲'总额') }}"),
    ("argument-kind", "{{ 三公经费 | 增减(▲部门名称) }}"),
    ("argument-kind", "{{ 三公经费 | 占比(▲部门名称) }}"),
    ("argument-kind", "{{ 三公经费 | 占比(▲100) }}"),
    ("argument-kind", "{{ 三公经费 | 原因(▲基本支出) }}"),
    ("argument-count", "{{ 三公经费 | ▲占比 }}"),
    ("argument-count", "{{ 三公经费 | ▲金额(支出合计) }}"),
    ("argument-count", "{% if 三公经费 is ▲增加(基本支出) %}甲{% endif %}"),
    ("unknown-keyword", '{{ 三公经费 | 增减("默认", ▲主体="收入") }}'),
    ("wrong-kind", "{{ 部门名称 | ▲占比(支出合计) }}"),
    ("wrong-kind", "{{ 三公经费 | ▲列举 }}"),
    ("wrong-kind", "{{ 三公经费 | 增减 | ▲金额 }}"),
    ("wrong-kind", "{% if 部门名称 is ▲增加 %}甲{% endif %}"),
    # more than the small language
    ("bare-figure", "共{{ ▲三公经费 }}万元"),
    ("bare-figure", "{% for 科目 in 支出功能科目 %}{{ ▲科目.预算数 }}{% endfor %}"),
    ("bare-figure", "{% set 总额 = 支出合计 %}{{ ▲总额 }}"),
    ("not-printable", "{{ ▲项目 }}"),
    ("not-printable", "{% for 科目 in 支出功能科目 %}{{ ▲科目 }}{% endfor %}"),
    ("printed-condition", "{{ ▲三公经费 is 增加 }}"),
    ("literal", "{{ ▲5 }}"),
    ("literal", '{{ ▲"文字" }}'),
    ("literal", "{% if ▲true %}甲{% endif %}"),
    ("literal", "{% set 起点 = ▲50 %}"),
    ("arithmetic", "{{ (收入总计 ▲- 支出总计) | 金额 }}"),
    ("arithmetic", "{{ ▲-三公经费 | 金额 }}"),
    ("arithmetic", "{{ 三公经费 ▲* 2 ** 3 / 4 % 5 // 6 | 金额 }}"),
    ("arithmetic", "{{ 部门名称 ▲~ 年 }}"),
    ("figure-comparison", "{% if ▲三公经费 > 5 %}甲{% endif %}"),
    ("figure-comparison", "{% if ▲三公经费 >= 基本支出 %}甲{% endif %}"),
    ("figure-comparison", "{% if ▲5 < 三公经费 %}甲{% endif %}"),
    ("comparison", "{% if ▲年 == 2023 %}甲{% endif %}"),
    ("function-call", "{{ ▲range(3) }}"),
    ("function-call", "{{ ▲金额(三公经费) }}"),
    ("function-call", '{{ 部门名称.▲format("a") }}'),
    ("bad-character", "{{ 项目▲[0] }}"),
    ("bad-character", '{{ ▲{"a": 1} }}'),
    ("bad-character", "{% if 三公经费 ▲&& 基本支出 %}甲{% endif %}"),
    ("several-values", "{{ ▲三公经费, 基本支出 }}"),
    ("missing-else", "{{ ▲三公经费 | 金额 if 基本支出 }}"),
    ("backslash", '{{ 三公经费 | 原因("，▲\\n") }}'),
    ("syntax", "{{ 三公 ▲经费 | 金额 }}"),
    ("syntax", "{% if 三公经费 ▲增加 %}甲{% endif %}"),
    ("syntax", "{% if 三公经费 ▲= 基本支出 %}甲{% endif %}"),
    ("syntax", "{{ 三公经费 |▲}}"),
    ("empty-tag", "甲▲{{ }}"),
    ("empty-tag", "甲▲{% %}"),
    ("empty-tag", "▲{% if %}甲{% endif %}"),
    ("too-deep", "{% if 三公经费 %}" * 12 + "▲{% if 三公经费 %}甲" + "{% endif %}" * 13),
    ("carriage-return", "甲▲\r乙\r丙"),
    ("too-complex", "{{▲ " + "(" * 300 + "三公经费" + ")" * 300 + " | 金额 }}"),
    ("too-complex", "{% if▲ " + "not " * 5000 + "三公经费 %}甲{% endif %}"),
    # braces and punctuation
    ("full-width-braces", "共▲｛｛ 三公经费 | 金额 ｝｝"),
    ("full-width-braces", "共▲{｛ 三公经费 | 金额 }}"),
    ("full-width-braces", "共{{ 三公经费 | 金额 ▲｝｝"),
    ("full-width-braces", "共{{ 三公经费 | 金额 ▲｝"),
    ("full-width-braces", "▲｛％ if 三公经费 ％｝甲{% endif %}"),
    ("full-width-braces", "▲{％ if 三公经费 %}甲{% endif %}"),
    ("full-width-braces", "甲▲｛乙｝"),
    ("full-width-braces", "{# 注释 ▲＃}甲"),
    ("full-width-braces", "{% raw %}甲▲{% endraw ％}乙"),
    ("full-width-punctuation", "{{ 三公经费 ▲｜ 金额 }}"),
    ("full-width-punctuation", "{{ 三公经费 | 增减▲（“默认”，主语＝“收入”） }}"),
    ("full-width-punctuation", "{{ 三公经费 | 增减(▲“默认”) }}"),
    (
        "full-width-punctuation",
        "{% for 项 in 项目 %}{% if loop.index > ▲１ %}、{% endif %}{% endfor %}",
    ),
    ("unclosed-string", '{{ 三公经费 | 增减(▲"默认) }}，{{ 基本支出 | 增减("默认") }}'),
    ("single-brace", "共▲{ 三公经费 | 金额 }，其中"),
    ("single-brace", "▲{ % if 三公经费 % }甲{% endif %}"),
    ("mismatched-braces", "共{{ 三公经费 | 金额 ▲}，占{{ 三公经费 | 占比(支出合计) }}"),
    ("mismatched-braces", "共{{ 三公经费 | 金额 ▲%}"),
    ("mismatched-braces", "{% if 三公经费 ▲}}甲{% endif %}"),
    ("unclosed-expression", "共▲{{ 三公经费 | 金额，其中{{ 基本支出 | 金额 }}"),
    ("unclosed-expression", "共▲{{ 三公经费 | 金额\n\n其中{{ 基本支出 | 金额 }}"),
    ("unclosed-tag", "▲{% if 三公经费\n甲{% endif %}"),
    ("unclosed-comment", "甲▲{# 注释\n乙{{ 三公经费 | 金额 }}"),
    ("unclosed-comment", "甲▲{# 注释\n乙{# 注释 #}"),
    ("stray-brace", "甲▲}}乙"),
    ("stray-brace", "三公经费▲%}"),
    ("whitespace-control", "{%▲- if 三公经费 %}甲{% endif %}"),
    # blocks
    ("unclosed-block", "甲\n▲{% if 三公经费 %}乙\n\n丙\n丁"),
    ("unclosed-block", "{% if 三公经费 %}▲{% for 科目 in 支出功能科目 %}甲{% endif %}"),
    ("unclosed-block", "甲▲{% raw %}{{ 乙"),
    ("stray-end", "甲{% ▲endfor %}"),
    ("stray-end", "甲{% ▲endraw %}"),
    ("mismatched-end", "{% for 科目 in 支出功能科目 %}甲{% ▲endif %}"),
    ("mismatched-end", "{% if 三公经费 %}{% for 项 in 项目 %}甲{% ▲endif %}{% endif %}"),
    ("misplaced-else", "甲▲{% else %}乙"),
    ("misplaced-else", "{% if 三公经费 %}甲{% else %}乙▲{% else %}丙{% endif %}"),
    ("misplaced-else", "{% for 项 in 项目 %}甲▲{% elif 三公经费 %}丙{% endfor %}"),
    ("extra-words", "{% if 三公经费 %}甲{% endif ▲三公经费 %}"),
    ("extra-words", "▲{% for 项 in 项目 recursive %}甲{% endfor %}"),
    ("unknown-tag", "{% ▲如果 三公经费 %}甲{% endif %}"),
    ("unknown-tag", "{% ▲如果三公经费 %}甲{% endif %}"),
    ("unknown-tag", "{% ▲If 三公经费 %}甲{% endif %}"),
    ("unknown-tag", "{% if 三公经费 %}甲{% ▲end if %}"),
    ("unknown-tag", "{% if 三公经费 %}甲{% ▲else if 基本支出 %}乙{% endif %}"),
    ("unknown-tag", "{% ▲打印 三公经费 %}"),
    ("forbidden-tag", '{% ▲include "a.txt" %}'),
    ("forbidden-tag", "{% ▲macro a() %}甲{% endmacro %}"),
    ("bad-target", "{% for ▲a, b in 支出功能科目 %}甲{% endfor %}"),
    ("bad-target", "▲{% set 总额 %}"),
    ("not-a-list", "{% for 科目 in ▲三公经费 %}{{ 科目.名称 }}{% endfor %}"),
    # words
    ("typed-amount", "收入总计▲832.3万元。"),
    ("typed-amount", "收入总计▲１２ 元。"),
    ("typed-amount", "占▲12.5%。"),
    ("typed-amount", "提高▲1.5个百分点"),
    ("typed-amount", "占▲百分之五十"),
    ("typed-amount", "单价▲五十万元以上"),
    ("typed-amount", "结余▲2.5万。"),
    ("typed-amount", "结余▲两万五千元。"),
    ("typed-amount", "结余▲五百元。"),
    ("typed-amount", "结余▲陆万伍仟元。"),
    ("typed-amount", "结余▲￥65000，"),
    ("typed-amount", "结余▲6.5 万人民币"),
    ("typed-amount", "公务用车▲2辆"),
    ("typed-amount", "压减▲三成。"),
    ("typed-amount", "压减▲3成以上"),
    ("typed-amount", "{{ 三公经费 | 原因('因为▲5万元') }}"),
    ("typed-year", "▲2023年部门预算"),
    ("typed-year", "规划（▲2021—2025年）"),
    ("typed-year", "▲二〇二三年部门预算"),
    ("placeholder", "其中▲XX单位"),
    ("placeholder", "其中▲××万元"),
    ("placeholder", "其中▲____"),
    ("unchosen-word", "比上年▲（增加/减少）甲"),
    ("unchosen-word", "▲增加（减少）的主要原因"),
    ("missing-number", "比上年▲减少 万元"),
    ("missing-number", "▲占%"),
    ("doubled-unit", "共{{ 三公经费 | 金额 }}▲万元"),
    ("doubled-unit", "占{{ 三公经费 | 占比(支出合计) }}▲%"),
    ("typed-direction", "比上年▲增加{{ 三公经费 | 增减 }}"),
    ("empty-reason", "主要▲原因是。"),
    ("doubled-punctuation", "甲▲。。"),
    ("markdown", "甲\n▲- 乙"),
    ("tab", "甲▲\t乙"),
    ("unbalanced", "甲▲（乙\n\n丙"),
    ("unbalanced", "“甲▲《乙”"),
    ("unbalanced", "甲▲）乙"),
    # marks at the beginning of a line
    ("heading-jump", "# 甲\n▲### 乙"),
    ("heading-jump", "甲\n▲## {{ 年 }}年"),
    ("empty-heading", "▲#"),
    ("bad-heading", "  ▲##### 甲"),
    ("full-width-mark", "▲＃ 甲"),
    ("unknown-directive", "▲:::分夜"),
    ("unknown-table", "{% if 三公经费 %}▲:::表 03-expend{% endif %}"),
    ("missing-argument", "▲:::居中"),
    ("extra-argument", "甲\n▲:::分页 {{ 部门名称 }}"),
]  # fmt: skip

WARNINGS = {
    "whitespace-control", "typed-direction", "empty-reason", "doubled-punctuation", "markdown",
    "tab", "unbalanced",
}  # fmt: skip
