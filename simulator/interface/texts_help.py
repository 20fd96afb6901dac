"""Words of the help pages and of what the documents name, in English and Chinese."""

from collections.abc import Mapping
from typing import Final

HELP: Final[Mapping[str, tuple[str, str]]] = {
    # help
    "shuangtan": (
        "Decarbonisation pathways of China's industry to 2060: YAML in, a scored pathway out.",
        "中国工业减碳路径模拟（至2060年）：输入YAML情景，输出对照里程碑评分的路径。",
    ),
    "list": ("List scenarios, roadmaps and policies.", "列出情景、路线图和政策。"),
    "run": (
        "Simulate scenarios, write results, print the headline table and the scoreboard.",
        "模拟情景、写出结果，并显示主要结果和里程碑评分。",
    ),
    "compare": (
        "Put scenarios side by side, or beside published pathways: what differs, by how much.",
        "对比多个情景，或与已发布路径对照：输入与结果有何不同、相差多少。",
    ),
    "sweep": (
        "Run many scenarios from one file into a store; stop and go on at any time.",
        "按一个文件批量模拟大量情景并存入数据库；可随时中断和继续。",
    ),
    "sensitivity": (
        "Say which of the things that vary matters, for which output and when.",
        "分析各输入对各输出、各年份的影响大小（敏感性分析）。",
    ),
    "check": (
        "Check a scenario file and say what it changes.",
        "检查情景文件，并说明其改变了什么。",
    ),
    "explain": (
        "Say where a number comes from: value, unit, range, source and the files that set it.",
        "说明一个数值的来历：取值、单位、范围、来源和设定它的文件。",
    ),
    "schema": (
        "Print the JSON Schema of scenario files, or of another kind, for editors.",
        "输出情景文件（或其他种类文件）的JSON Schema，供编辑器使用。",
    ),
    "hindcast": (
        "Hold the model against observed history; with --until against years it did not see.",
        "将模型与历史观测对照；用--until则与模型未见过的年份对照。",
    ),
    "calibrate": (
        "Fit parameters to history and say which of them history tells nothing of.",
        "按历史数据校准参数，并说明哪些参数数据无法约束。",
    ),
    "report": (
        "Write the report anew from saved results; several results give one page for all.",
        "由已保存的结果重新生成报告；多个结果合成一份报告。",
    ),
    "export": ("Hand results on as tidy CSV.", "将结果导出为整齐的CSV表。"),
    "app": (
        "Open a page on this machine on which policies are moved and the pathway follows.",
        "在本机打开网页：调整政策，路径随即更新。",
    ),
    "option.towards": (
        "Scenario that has the far end of every policy.",
        "各项政策最远端所取自的情景。",
    ),
    "option.port": (
        "Port of the page; 0 for any that is free.",
        "网页端口；0表示任一空闲端口。",
    ),
    "option.host": (
        "Name or address to listen on; others reach it only if this is not this machine's own.",
        "监听地址；默认仅本机可访问。",
    ),
    "option.lang": (
        "Language: zh or en. [default: the locale's]",
        "语言：zh或en。[默认：系统语言]",
    ),
    "option.quiet": ("Print nothing but errors.", "只显示错误。"),
    "option.json": ("Print JSON for programs.", "输出JSON供程序读取。"),
    "option.out": ("Folder to write to.", "写出结果的文件夹。"),
    "option.set": (
        "Change one setting, e.g. carbon_price_floor.schedule=300. May be repeated.",
        "修改一项设定，如carbon_price_floor.schedule=300。可重复使用。",
    ),
    "option.engine": (
        "Solver: reference controls its errors, batch takes fixed steps.",
        "求解器：reference自动控制误差，batch为固定步长。",
    ),
    "option.workers": ("Processes that work; one unless given.", "并行进程数，默认1个。"),
    "option.scheduler": (
        "Dask scheduler that works instead: its address, or its file.",
        "改由Dask集群计算：调度器地址或调度文件。",
    ),
    "option.batch": ("Scenarios in a batch; 256 unless given.", "每批情景数，默认256个。"),
    "option.resume": ("Go on with an unfinished sweep.", "继续未完成的批量模拟。"),
    "option.until": (
        "Last year of observations that is used. [default: all]",
        "使用观测数据的最后年份。[默认：全部]",
    ),
    "option.stage": ("Fit this stage only.", "仅校准此阶段。"),
    "option.ensemble": (
        "Run N members over what is not known, too: bands and probabilities.",
        "另运行N个成员以反映不确定性，给出区间与概率。",
    ),
    "option.weights": (
        "Whether members count by how well they tell the past, or all alike.",
        "成员按其再现历史的程度加权，或等权。",
    ),
    "option.assumptions": (
        "Also run each uncertain assumption at its low and its high end: what matters most.",
        "另将各项不确定假设分别取下限与上限各运行一次，给出影响最大者。",
    ),
    "option.seed": ("Whole number from which members are drawn.", "抽取成员的随机种子。"),
    "option.refit": (
        "Fit the parameters to the years up to the cut first (minutes for each cut).",
        "先按截止前的年份重新校准参数（每个截止点需数分钟）。",
    ),
    "option.drivers": (
        "Judge the run with the drivers expected at the cut (ex ante) or observed (ex post).",
        "评判所用的驱动：截止时预期（事前）或实测（事后）。",
    ),
    "option.members": (
        "Also run N members over what was not known, for bands of 90 %.",
        "另运行N个成员以反映当时的未知，给出90%区间。",
    ),
    "option.rolling": (
        "Do the same for 2018, 2019, 2020, 2021 and 2022.",
        "依次以2018至2022年为最后已知年份。",
    ),
    "attribute": (
        "Say why B emits less than A: what each policy avoids, adding up exactly.",
        "说明B为何比A排放少：各项政策的贡献，合计与差额完全相等。",
    ),
    "option.orders": (
        "Orders in which policies come, drawn where there are more than 8; 100 unless given.",
        "政策超过8项时随机抽取的先后次序数，默认100。",
    ),
    "option.no_report": (
        "Write no figures and no report.",
        "不生成图和报告。",
    ),
    "option.baseline": (
        "Scenario that the others are held against. [default: the first]",
        "作为基准的情景。[默认：第一个]",
    ),
    "option.with": (
        "Published pathways to set beside: CSV, IAMC (wide or long) or tidy.",
        "并列比较的已发布路径：CSV文件，IAMC宽表、长表或整洁表。",
    ),
    "option.stage_content": (
        "Leave out groups of policies in turn: what each stage consists of; five runs more.",
        "逐组去除政策，给出各阶段减排的构成（另需运行五次）。",
    ),
    "option.scenario": ("Explain the value in this scenario.", "说明该情景中的取值。"),
    "option.format": (
        "Form: a tidy table, the exchange table of the IAM consortium (wide or long), Excel.",
        "格式：整洁表、IAM联盟交换表（宽表或长表）或Excel工作簿。",
    ),
    "option.explained": (
        "NAME | mechanism ID | fact ID | product NAME",
        "名称 | mechanism ID | fact ID | product 名称",
    ),
    "explain_words": (
        "explain takes one name, or `mechanism ID`, or `fact ID`, or `product NAME`",
        "explain后须为一个名称，或mechanism ID、fact ID、product 名称",
    ),
    # mechanisms and facts of the documents
    "named.kind": ("kind", "类别"),
    "named.sector": ("sector", "行业"),
    "named.value": ("value", "数值"),
    "named.year": ("year", "年份"),
    "named.source": ("source", "出处"),
    "named.note": ("note", "说明"),
    "named.represented_by": ("represented by", "体现方式"),
    "named.used_as": ("used as", "用途"),
    "named.unset": ("not set", "未设定"),
    "named.more": ("and {count} more parameters", "以及另外{count}个参数"),
    "named.technology_lever": ("technology lever", "技术措施"),
    "named.digital_lever": ("digital lever", "数字化措施"),
    "named.policy_target": ("policy target", "政策目标"),
    "named.structural_lever": ("structural lever", "结构调整措施"),
    "named.circularity_lever": ("circularity lever", "循环利用措施"),
    "named.feedback": ("feedback", "反馈机制"),
    "named.market_mechanism": ("market mechanism", "市场机制"),
    "named.roadmap_stage": ("roadmap stage", "路线图阶段"),
    "named.policy": ("policy", "政策"),
    "named.setting": ("setting", "设定项"),
    "named.parameter": ("parameter", "参数"),
    "named.loop": ("feedback loop", "反馈回路"),
    "named.milestone": ("milestone", "里程碑"),
    "named.variable": ("variable", "变量"),
    "named.outside": ("nothing (outside the model)", "无（超出模型范围）"),
    "named.calibration": ("calibration", "校准"),
    "named.validation": ("validation", "检验"),
    "named.unused": ("nothing (not used)", "未使用"),
}
